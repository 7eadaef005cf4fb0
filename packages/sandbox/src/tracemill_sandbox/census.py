"""What processes stand below one, and what they use: read from ``/proc``, for those who measure.

Numbers are those of proc(5). A process that ends while it is looked at counts as nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_STATE, _PARENT, _TIMES, _STARTED = 0, 1, slice(11, 15), 19
"""Places in ``/proc/PID/stat`` behind the name: state, ppid, utime to cstime, starttime."""


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process.

    Attributes:
        pid: Its id.
        parent: Its parent's id.
        started: Clock ticks after boot; tells it from a later process with the same id.
        zombie: Whether it has ended and nobody waited for it.
        cpu_seconds: Processor time of it and of those children that ended and were waited for.
    """

    pid: int
    parent: int
    started: int
    zombie: bool
    cpu_seconds: float


def below(pid: int) -> tuple[Process, ...]:
    """Return all processes that descend from ``pid``, itself left out."""
    children: dict[int, list[Process]] = {}
    for process in _all():
        children.setdefault(process.parent, []).append(process)
    found = list(children.get(pid, ()))
    for process in found:
        found += children.get(process.pid, ())
    return tuple(found)


def lives(process: Process) -> bool:
    """Tell whether a process still runs: it is neither gone nor a zombie."""
    now = _read(process.pid)
    return now is not None and now.started == process.started and not now.zombie


def memory_bytes(pids: Iterable[int]) -> int:
    """Return the memory of processes; a page that n processes share counts 1/n for each."""
    return sum(_proportional(pid) for pid in pids)


def descriptors(pids: Iterable[int]) -> int:
    """Return how many descriptors are open in processes."""
    return sum(_open(pid) for pid in pids)


def _all() -> list[Process]:
    pids = (int(entry.name) for entry in os.scandir("/proc") if entry.name.isdecimal())
    return [process for process in map(_read, pids) if process is not None]


def _read(pid: int) -> Process | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the name may hold blanks and brackets
    return Process(
        pid=pid,
        parent=int(fields[_PARENT]),
        started=int(fields[_STARTED]),
        zombie=fields[_STATE] in "ZX",
        cpu_seconds=sum(map(int, fields[_TIMES])) / _TICKS,
    )


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


def _open(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0
