"""What of the host a program may read: the interpreter, the system's libraries, a few facts."""

from __future__ import annotations

import contextlib
import os
import site
import sys

_SYSTEM_EXECUTABLE = ("/usr", "/lib", "/lib64", "/bin")
_SYSTEM_READABLE = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/fonts",
    "/etc/mime.types",
    "/etc/alternatives",
    "/etc/ssl/openssl.cnf",
    "/dev/urandom",
    "/dev/random",
    "/sys/devices/system/cpu",
)
HOST_PROC_READABLE = (
    "/proc/cpuinfo",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/version",
    "/proc/sys/vm/overcommit_memory",
)
"""Where ``/proc`` is the host's: what libraries ask there. It tells how busy the machine is."""

_OWN_PROC = (
    *("auxv", "cmdline", "comm", "environ", "fd", "fdinfo", "limits", "stat", "status"),
    *("io", "maps", "numa_maps", "oom_score", "schedstat", "smaps", "smaps_rollup", "statm"),
    *("cgroup", "cpuset", "mountinfo", "mounts"),
)
"""Where ``/proc`` is the host's: what a process may read of itself; the last four say how many
processors and how much memory it may use. Not ``net``, which is the host's network, with its
connections, sockets and routes; nor ``task``, for it is in there once more."""

_CGROUPS = "/sys/fs/cgroup"
_CGROUP_LIMITS = {
    "": ("cpu.max", "memory.max"),
    "cpu": ("cpu.cfs_quota_us", "cpu.cfs_period_us"),
    "memory": ("memory.limit_in_bytes",),
}
"""Controller ("" for version 2) -> files with its limits. DuckDB ends the process if it sees that
they are there and can not open them."""


def executable() -> tuple[str, ...]:
    """Return folders to read and execute: the interpreter's and the system's, none in another."""
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    return _outermost((*prefixes, *site.getsitepackages(), *_SYSTEM_EXECUTABLE))


def readable() -> tuple[str, ...]:
    """Return files and folders to read that are there, other than in ``/proc``."""
    return tuple(path for path in (*_SYSTEM_READABLE, *_cgroup_limits()) if _is_there(path))


def own_proc(process: int | str = "self") -> tuple[str, ...]:
    """Return what a process may read of itself where ``/proc`` is the host's."""
    return tuple(f"/proc/{process}/{name}" for name in _OWN_PROC)


def hold(paths: tuple[str, ...]) -> tuple[int, ...]:
    """Keep rules for files of ``/proc`` valid for as long as the returned descriptors are open.

    A rule of Landlock is for an inode, and those of ``/proc`` the kernel makes anew once it has
    forgotten their names, as it does for want of memory: a process that had waited for long could
    read nothing there.
    """
    held = []
    for path in paths:
        with contextlib.suppress(OSError):  # this kernel has none, or the process has ended
            held.append(os.open(path, os.O_PATH | os.O_CLOEXEC))
    return tuple(held)


def _cgroup_limits() -> tuple[str, ...]:
    """Return the files with the limits of our own control groups, and of the outermost ones."""
    with open("/proc/self/cgroup") as stream:  # noqa: PTH123 - as in ``_is_there``
        groups = [line.rstrip("\n").split(":", 2) for line in stream]
    found: dict[str, None] = {}
    for _, controllers, path in groups:
        for controller in controllers.split(","):
            for name in _CGROUP_LIMITS.get(controller, ()):
                for inner in ("", path):
                    found[os.path.normpath(f"{_CGROUPS}/{controller}/{inner}/{name}")] = None
    return tuple(found)


def _outermost(paths: tuple[str, ...]) -> tuple[str, ...]:
    real = sorted({os.path.realpath(path) for path in paths if _is_there(path)})
    kept: list[str] = []
    for path in real:
        if not any(path.startswith(f"{outer}/") for outer in kept):
            kept.append(path)
    return tuple(kept)


def _is_there(path: str) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - no other module of a run's process needs pathlib
