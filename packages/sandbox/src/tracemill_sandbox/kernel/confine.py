"""What the run's own process gives up before the program starts, in this order."""

from __future__ import annotations

import contextlib
import os
import resource
import site
import sys
from pathlib import Path

from tracemill_sandbox import kernel, landlock, seccomp
from tracemill_sandbox.request import MIB, Limits
from tracemill_sandbox.tier import Tier

_SYSTEM_READABLE = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/fonts",
    "/etc/mime.types",
    "/etc/alternatives",
    "/etc/ssl/openssl.cnf",
    "/dev/urandom",
    "/dev/random",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/version",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
_RESERVE_BYTES = 64 * MIB
"""Memory that the runner may use above the program's limit to tell what happened."""

_ADDRESS_SPACE_PER_MEMORY = 4
"""Address space is bounded loosely: threads reserve far more of it than they use."""


def limit(limits: Limits, *, own_user_namespace: bool) -> None:
    """Set the kernel's limits for this process and its children.

    The memory limit is on private writable memory (RLIMIT_DATA), counted from what the worker
    has preloaded. It holds per process.
    """
    data, address_space = _memory_now()
    soft = data + limits.memory_bytes
    spread = max(4 * 1024 * MIB, _ADDRESS_SPACE_PER_MEMORY * limits.memory_bytes)
    cpu = max(1, -int(-limits.cpu_seconds // 1))
    others = 0 if own_user_namespace else _tasks_of(os.getuid())
    _cap(resource.RLIMIT_DATA, soft, soft + _RESERVE_BYTES)
    _cap(resource.RLIMIT_AS, address_space + spread, address_space + spread)
    _cap(resource.RLIMIT_CPU, cpu, cpu + 1)
    _cap(resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes)
    _cap(resource.RLIMIT_NPROC, others + limits.processes, others + limits.processes)
    _cap(resource.RLIMIT_NOFILE, limits.open_files, limits.open_files)
    _cap(resource.RLIMIT_CORE, 0, 0)
    _cap(resource.RLIMIT_MEMLOCK, 0, 0)


def give_up(tier: Tier, *, folder: str, uid: int, private_proc: bool) -> None:
    """Drop user, capabilities, files and system calls, as far as the tier says.

    Raises:
        OSError: if the kernel refuses what it granted when the worker was probed.
    """
    if not tier.namespaces and os.getuid() != uid:
        kernel.become(uid, uid)
    kernel.no_new_privileges()
    kernel.set_dumpable(dumpable=True)  # or it could not read its own /proc/self
    if tier.landlock:
        own = "/proc" if private_proc else "/proc/self"
        shared = ("/dev/shm",) if tier.namespaces else ()  # noqa: S108 - a private one
        landlock.restrict(
            readable=(*_python_paths(), *_SYSTEM_READABLE, own),
            writable=(folder, *_DEVICES, *shared),
        )
    kernel.drop_capabilities()
    if tier.seccomp:
        seccomp.restrict()


def _python_paths() -> tuple[str, ...]:
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    return tuple(dict.fromkeys((*prefixes, *site.getsitepackages())))


def _cap(kind: int, soft: int, hard: int) -> None:
    _, allowed = resource.getrlimit(kind)
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    resource.setrlimit(kind, (soft, hard))


def _memory_now() -> tuple[int, int]:
    page = resource.getpagesize()
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[5]) * page, int(fields[0]) * page


def _tasks_of(uid: int) -> int:
    count = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if entry.stat().st_uid == uid:
                count += sum(1 for _ in (entry / "task").iterdir())
    return count
