"""Keeps the bounds of a run while its program lives: real time, memory, processes, disk.

The kernel bounds each process; here all processes of the run are looked at together.
"""

from __future__ import annotations

from pathlib import Path

from tracemill_sandbox.inside.folder import MOST_ENTRIES, measure
from tracemill_sandbox.inside.job import Bounds, Cause
from tracemill_sandbox.kernel import usage

TICK_SECONDS = 0.05
"""How often memory and disk are looked at: a core fills about 2 GB/s, so about 100 MB slip by."""

Verdict = tuple[Cause, str]
"""Why a run has to end, and the same in words."""


class Watch:
    """The bounds of one run.

    Args:
        counter: Adds up what the run's processes use.
        folder: The run's folder.
        bounds: What it may use.
        began: When it began, as ``time.monotonic`` tells.
    """

    def __init__(
        self, counter: usage.Counter, *, folder: Path, bounds: Bounds, began: float
    ) -> None:
        self.began = began
        self._counter, self._folder, self._bounds = counter, folder, bounds
        self._deadline = began + bounds.wall_seconds
        self._next_look = began + TICK_SECONDS

    @property
    def due(self) -> float:
        """When to look next."""
        return min(self._deadline, self._next_look)

    def look(self, now: float) -> Verdict | None:
        """Return why the run has to end; None if it may go on."""
        if now >= self._deadline:
            return "timeout", f"still running after {self._bounds.wall_seconds:g} s"
        if now < self._next_look:
            return None
        self._next_look = now + TICK_SECONDS
        return self._memory() or self._tasks() or self._disk()

    def _memory(self) -> Verdict | None:
        taken = self._counter.private_bytes(enough=self._bounds.memory_bytes)
        if taken <= self._bounds.memory_bytes:
            return None
        return "memory", f"its processes together took {taken} bytes of memory"

    def _tasks(self) -> Verdict | None:
        tasks = self._counter.tasks()
        if tasks <= self._bounds.processes:
            return None
        return "killed", f"it had {tasks} processes and threads"

    def _disk(self) -> Verdict | None:
        used = measure(self._folder)
        if used.hidden:
            return "output_limit", f"its files can not be measured ({used.hidden})"
        size = used.size + self._counter.nameless_bytes()
        if size <= self._bounds.disk_bytes and used.entries < MOST_ENTRIES:
            return None
        return "output_limit", f"its files hold {size} bytes in {used.entries} entries"
