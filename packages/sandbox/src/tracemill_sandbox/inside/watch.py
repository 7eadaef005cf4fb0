"""Keeps the bounds of a run while its program lives: real time, memory, processes, disk.

The kernel bounds each process; here all processes of the run are looked at together.
"""

from __future__ import annotations

import os
from pathlib import Path

from tracemill_sandbox.inside.folder import ENTRIES_PER_FOLDER, MOST_ENTRIES, measure
from tracemill_sandbox.inside.job import Bounds, Cause
from tracemill_sandbox.kernel import usage

TICK_SECONDS = 0.05
"""How often memory and disk are looked at: a core fills about 2 GB/s, so about 100 MB slip by."""

LOOKS_PER_LOOK_AT_MAPPINGS = 20
"""Mappings are looked at each second: that costs milliseconds for each process."""

UNSEEN_BYTES = 32 << 20
"""Once the disk lost so much since the run began, by whomever, each look is at mappings too."""

LOOK_SECONDS = 3.0
"""Longest look at a run: meanwhile the worker hears nothing, and its host waits 5 s for it."""

Verdict = tuple[Cause, str]
"""Why a run has to end, and the same in words."""


class Watch:
    """The bounds of one run.

    Args:
        counter: Adds up what the run's processes use; it is told until when.
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
        self._looks, self._room = 0, _room(folder)
        self._doing = ""
        """What is said where it takes too long."""

    @property
    def due(self) -> float:
        """When to look next."""
        return min(self._deadline, self._next_look)

    def look(self, now: float) -> Verdict | None:
        """Return why the run has to end; None if it may go on."""
        if now >= self._deadline:
            return self._timeout()
        if now < self._next_look:
            return None
        self._next_look = now + TICK_SECONDS
        self._looks += 1
        self._counter.until = min(self._deadline, now + LOOK_SECONDS)
        self._doing = "its processes could not be counted"
        try:
            held = self._counter.held()
            return self._memory(held) or self._tasks() or self._watches(held) or self._disk(held)
        except TimeoutError:
            if self._counter.until == self._deadline:  # it has come meanwhile
                return self._timeout()
            return "killed", f"{self._doing} within {LOOK_SECONDS:g} s"

    def _timeout(self) -> Verdict:
        return "timeout", f"still running after {self._bounds.wall_seconds:g} s"

    def _memory(self, held: usage.Held) -> Verdict | None:
        buffers, most = held.buffer_bytes, self._bounds.memory_bytes
        taken = buffers + self._counter.private_bytes(enough=most - buffers)
        if taken <= most:
            return None
        reason = f"its processes together took {taken} bytes of memory"
        if buffers:
            reason += f", up to {buffers} of them in pipes and sockets"
        return "memory", reason

    def _tasks(self) -> Verdict | None:
        tasks = self._counter.tasks()
        if tasks <= self._bounds.processes:
            return None
        return "killed", f"it had {tasks} processes and threads"

    def _watches(self, held: usage.Held) -> Verdict | None:
        if held.watches <= usage.MOST_WATCHES:
            return None
        return "killed", f"its epolls and what they watch are more than {usage.MOST_WATCHES}"

    def _disk(self, held: usage.Held) -> Verdict | None:
        self._doing = "its files could not be measured"
        used = measure(self._folder, until=self._counter.until)
        if used.hidden:
            return "output_limit", f"its files can not be measured ({used.hidden})"
        mapped, each = self._only_mapped(), self._bounds.file_bytes
        size = used.size + held.nameless_bytes + mapped * each
        if size <= self._bounds.disk_bytes and used.entries < MOST_ENTRIES:
            return None
        reason = f"its files hold {size} bytes in {used.entries} entries"
        reason += f", folders as {ENTRIES_PER_FOLDER}"
        if mapped:
            reason += f", with {each} for each of {mapped} that are removed and only mapped"
        return "output_limit", reason

    def _only_mapped(self) -> int:
        due = self._looks % LOOKS_PER_LOOK_AT_MAPPINGS == 0
        if due or _room(self._folder) < self._room - UNSEEN_BYTES:
            self._doing = "its mappings could not be read"
            return self._counter.only_mapped()
        return 0


def _room(folder: Path) -> int:
    """Return the free bytes of the disk that the folder is on; asked of the one above, our own."""
    system = os.statvfs(folder.parent)
    return system.f_bfree * system.f_frsize
