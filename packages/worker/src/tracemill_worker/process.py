"""Which process is which: an identity that survives the reuse of process numbers.

A claim records where its worker lives (``host``), its process number and when that process began.
Whoever shares that host can then prove that the worker is gone, without waiting for its lease.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The process that holds a claim.

    Attributes:
        worker: Name for people, ``node:pid``.
        host: One space of process numbers: a boot of a machine, and a container in it.
        pid: Process number in that space.
        started: When the process began; tells it from a later one of the same number.
    """

    worker: str
    host: str
    pid: int
    started: str


def this_process() -> Owner:
    """Return the identity of the calling process."""
    pid = os.getpid()
    return Owner(
        worker=f"{socket.gethostname()}:{pid}",
        host=host_identity(),
        pid=pid,
        started=started_mark(pid) or "unknown",
    )


def host_identity() -> str:
    """Return what names this space of process numbers.

    On Linux the boot id and the pid namespace, since two containers may share a host name and a
    reboot gives old numbers to new processes; elsewhere the host name and the time of boot.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return f"{socket.gethostname()}/{psutil.boot_time():.0f}"
    return f"{boot}/{space}"


def started_mark(pid: int) -> str | None:
    """Return when process ``pid`` began, or None if there is no such process or it has ended.

    A zombie has ended: it runs no code, it only waits to be collected.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return _ticks(pid) or f"{process.create_time():.2f}"
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def is_gone(owner: Owner, *, host: str) -> bool:
    """Say whether ``owner`` is proven to be gone; always False for another host's processes."""
    if owner.host != host or owner.started == "unknown":
        return False
    return started_mark(owner.pid) != owner.started


def _ticks(pid: int) -> str | None:
    """Field 22 of /proc/PID/stat (proc(5)): clock ticks since boot, untouched by clock changes."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()[19]
