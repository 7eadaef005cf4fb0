"""The whole way, from tables to a rehearsal bundle: read this file first.

``stages`` is the program: an ordered tuple of stages. ``run_pipeline`` goes through it once: what
is done and unchanged is skipped, everything else is a run on the worker's queue.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tracemill import recipe
from tracemill.errors import StageFailed
from tracemill.settings import Settings
from tracemill.stage import Stage
from tracemill.stamp import Stamp, write_stamp
from tracemill.standing import standing_of
from tracemill_schema.canonical import JsonObject


def stages(settings: Settings) -> tuple[Stage, ...]:
    """Return the stages in the order in which they run."""
    return (
        recipe.tables(settings),
        recipe.questions(settings),
        recipe.tasks(settings),
        recipe.episodes(settings),
        recipe.traces(),
        recipe.dataset(settings),
        recipe.smoke(),
        recipe.readiness(settings),
        *(recipe.train(settings, model, form) for model, form in recipe.FORMS),
        *(stage for model, _ in recipe.FORMS for stage in recipe.judge(settings, model)),
        recipe.bundle(settings),
    )


class Watcher(Protocol):
    """Who is told how the pipeline goes; the command line draws it."""

    def skipped(self, stage: Stage, stamp: Stamp) -> None:
        """A stage is done and unchanged."""

    def started(self, stage: Stage, reason: str) -> None:
        """A stage begins, for this reason."""

    def line(self, line: str) -> None:
        """The running stage printed a line."""

    def finished(self, stage: Stage, result: JsonObject, seconds: float) -> None:
        """The running stage is done."""


Execute = Callable[[Stage, str, Callable[[str], None]], JsonObject]
"""``execute(stage, key, on_line)`` runs a stage as a run on the queue and returns its result."""


def run_pipeline(
    settings: Settings,
    workspace: Path,
    *,
    execute: Execute,
    watcher: Watcher,
    until: str | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run every stage whose inputs, settings or code changed, up to and including ``until``."""
    for stage in _up_to(stages(settings), until):
        standing = standing_of(stage, workspace)
        if standing.stamp is not None and standing.stale is None:
            watcher.skipped(stage, standing.stamp)
            continue
        watcher.started(stage, standing.stale or "not finished before")
        begun = clock()
        result = execute(stage, standing.key, watcher.line)
        seconds = clock() - begun
        _require_leaves(workspace, stage)
        write_stamp(workspace, stage, key=standing.key, result=result, seconds=seconds)
        watcher.finished(stage, result, seconds)


def _require_leaves(workspace: Path, stage: Stage) -> None:
    """Refuse to call a stage done that did not leave what it should.

    Raises:
        StageFailed: naming what is missing.
    """
    missing = [path for path in stage.leaves if not (workspace / path).exists()]
    if missing:
        raise StageFailed(
            f"stage {stage.name} ended without {', '.join(missing)} in {workspace}; "
            "run the same command again, and report it if that does not help",
            exit_code=3,
        )


def _up_to(all_stages: tuple[Stage, ...], until: str | None) -> tuple[Stage, ...]:
    names = [stage.name for stage in all_stages]
    return all_stages if until is None else all_stages[: names.index(until) + 1]
