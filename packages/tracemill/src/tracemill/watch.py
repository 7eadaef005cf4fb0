"""How a run is shown: a line a stage and a bar for the one that works, or JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tracemill.stage import Stage
from tracemill.stamp import Stamp
from tracemill_schema import progress as reported
from tracemill_schema.canonical import JsonObject, Value


class ConsoleWatcher:
    """One line a stage on standard output; a bar on standard error if that is a terminal.

    What a stage prints beside its progress is kept in its run's log; it is shown only if the
    stage fails.
    """

    def __init__(self, *, total: int, errors: TextIO | None = None) -> None:
        self._total = total
        self._done = 0
        console = Console(file=errors or sys.stderr)
        self._bar = Progress(
            TextColumn("  {task.description:<24}"),
            BarColumn(bar_width=28),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Show the bar while the pipeline runs."""
        with self._bar:
            yield

    def skipped(self, stage: Stage, stamp: Stamp) -> None:
        """Say that the stage is done and unchanged."""
        self._say(stage, "unchanged", stamp.result)

    def started(self, stage: Stage, reason: str) -> None:
        """Begin a bar for the stage."""
        self._task = self._bar.add_task(stage.says, total=None, note=f"({reason})")

    def line(self, line: str) -> None:
        """Move the bar if the line reports progress."""
        progress = reported.parse(line)
        if progress is not None and self._task is not None:
            self._bar.update(
                self._task,
                description=progress.label,
                completed=progress.done,
                total=progress.total,
                note=progress.note,
            )

    def finished(self, stage: Stage, result: JsonObject, seconds: float) -> None:
        """Say what the stage made and how long it took."""
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        self._say(stage, f"{seconds:.1f} s", result)

    def waiting(self, stage: Stage, reason: str) -> None:
        """Say that the stage has to run, and why."""
        self._done += 1
        click.echo(f"[{self._done:>2}/{self._total}] {stage.name:<24} {'to run':>9}  {reason}")

    def _say(self, stage: Stage, how: str, result: JsonObject) -> None:
        self._done += 1
        place = f"[{self._done:>2}/{self._total}]"
        click.echo(f"{place} {stage.name:<24} {how:>9}  {brief(result)}".rstrip())


class JsonWatcher:
    """One JSON object a line on standard output, for machines."""

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Nothing is shown beside the lines."""
        yield

    def skipped(self, stage: Stage, stamp: Stamp) -> None:
        """Write ``{"event": "skipped", ...}``."""
        self._write(event="skipped", stage=stage.name, result=stamp.result)

    def started(self, stage: Stage, reason: str) -> None:
        """Write ``{"event": "started", ...}``."""
        self._write(event="started", stage=stage.name, reason=reason)

    def line(self, line: str) -> None:
        """Write ``{"event": "progress", ...}`` if the line reports progress."""
        progress = reported.parse(line)
        if progress is not None:
            self._write(event="progress", **progress.to_values())

    def finished(self, stage: Stage, result: JsonObject, seconds: float) -> None:
        """Write ``{"event": "finished", ...}``."""
        self._write(event="finished", stage=stage.name, result=result, seconds=round(seconds, 3))

    def waiting(self, stage: Stage, reason: str) -> None:
        """Write ``{"event": "waiting", ...}``."""
        self._write(event="waiting", stage=stage.name, reason=reason)

    def _write(self, **fields: Value) -> None:
        click.echo(orjson.dumps(fields).decode())


def brief(result: JsonObject, *, limit: int = 4) -> str:
    """Return the first few plain figures of a result as ``key value`` pairs."""
    plain = {
        key: value
        for key, value in result.items()
        if isinstance(value, int | float | str) and not isinstance(value, bool)
    }
    return ", ".join(f"{key.replace('_', ' ')} {_shown(v)}" for key, v in [*plain.items()][:limit])


def _shown(value: float | int | str) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    return value[:16]
