"""What a pidfd tells of its process."""

from __future__ import annotations

import select
from pathlib import Path


def pid_of(handle: int) -> int | None:
    """Return the process id that a pidfd stands for; None once the process has ended."""
    fields = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    pid = next(int(line.split()[1]) for line in fields if line.startswith("Pid:"))
    return pid if pid > 0 else None


def has_ended(handle: int) -> bool:
    """Return whether the process has ended; ``select`` would refuse numbers above 1,023."""
    poller = select.poll()
    poller.register(handle, select.POLLIN)
    return bool(poller.poll(0))
