"""What the run's own process gives up before the program starts, in this order.

``prepare`` works out once, in the server, what is the same for every run; ``give_up`` is called in
the run's process; ``limit`` before or after it, for it only lowers limits.
"""

from __future__ import annotations

import contextlib
import functools
import os
import resource
import signal
from dataclasses import dataclass

from tracemill_sandbox.kernel import call, landlock, namespaces, readable, seccomp
from tracemill_sandbox.kernel.syscall_policy import Guarded
from tracemill_sandbox.kernel.tier import Tier
from tracemill_sandbox.request import MIB, Limits

_DEVICES = ("/dev/null", "/dev/full")
_RESERVE_BYTES = 64 * MIB
"""Memory that the runner may use above the program's limit to tell what happened."""

_ADDRESS_SPACE_PER_MEMORY = 4
"""Address space is bounded loosely: threads reserve far more of it than they use."""

_SIGNALS_PENDING = 1024
_NO_CORE = 1
"""A limit of 1 byte means no core file and, other than 0, no start of the host's crash handler
(``do_coredump`` in ``fs/coredump.c``)."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is the same for all runs of a server.

    Attributes:
        executable: Files and folders that are there, to read and execute.
        readable: Files and folders that are there, to read.
        guarded: What the filter can leave to others.
        held: Descriptors that keep rules valid; see ``readable.hold``.
    """

    executable: tuple[str, ...]
    readable: tuple[str, ...]
    guarded: Guarded
    held: tuple[int, ...]


@functools.cache
def prepare(tier: Tier) -> Plan:
    """Work out what ``give_up`` will do; called in the server, no run has to do it again.

    Args:
        tier: What holds.
    """
    version = landlock.abi()
    guarded = Guarded(
        signals=tier.namespaces or version >= landlock.SIGNALS_ABI,
        metadata=tier.namespaces,
        truncation=tier.namespaces or version >= landlock.TRUNCATION_ABI,
    )
    if tier.seccomp:
        call.filter_header(seccomp.prepared(os.uname().machine, guarded))
        call.filter_header(seccomp.threads_only(os.uname().machine))
    return Plan(
        executable=readable.executable(),
        readable=readable.readable(),
        guarded=guarded,
        held=readable.hold(readable.HOST_PROC_READABLE),
    )


def limit(limits: Limits, *, processes: int) -> None:
    """Lower the kernel's limits for this process and its children.

    The memory limit is on private writable memory (RLIMIT_DATA), counted from what the process
    has now. It holds per process. Works before and after ``give_up``.

    Args:
        limits: Of the run.
        processes: Up to where the kernel may count: the run's own where it has a user namespace of
            its own, else over all that its user runs (``tasks_of``).

    Raises:
        OSError: if the kernel refuses, or ``/proc`` is not to be read.
    """
    data, address_space = _memory_now()
    soft = data + limits.memory_bytes
    spread = max(4 * 1024 * MIB, _ADDRESS_SPACE_PER_MEMORY * limits.memory_bytes)
    cpu = max(1, -int(-limits.cpu_seconds // 1))
    _cap(resource.RLIMIT_DATA, soft, soft + _RESERVE_BYTES)
    _cap(resource.RLIMIT_AS, address_space + spread, address_space + spread)
    _cap(resource.RLIMIT_CPU, cpu, cpu + 1)
    _cap(resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes)
    _cap(resource.RLIMIT_NPROC, processes, processes)
    _cap(resource.RLIMIT_NOFILE, limits.open_files, limits.open_files)


def give_up(tier: Tier, *, folder: str, uid: int, private_proc: bool) -> None:
    """Drop user, capabilities, files and system calls, as far as the tier says.

    The process is in ``folder`` afterwards, and dies with its parent.

    Args:
        tier: What holds; with namespaces, ``namespaces.enter_run`` was called before.
        folder: The run's, absolute.
        uid: User to become where there are no namespaces.
        private_proc: What ``enter_run`` returned.

    Raises:
        OSError: if the kernel refuses what it granted when the worker was probed.
    """
    plan = prepare(tier)
    _limit_for_good()
    if tier.namespaces:
        namespaces.open_folder(folder)
        namespaces.leave_worker()
    call.drop_capability_bounds()
    if not tier.namespaces and os.getuid() != uid:
        call.become(uid, uid)
    os.chdir(folder)  # where namespaces hold, the folder that it was in before is read-only
    call.no_new_privileges()
    call.set_dumpable(dumpable=True)  # or it could not read its own /proc/self
    if tier.landlock:
        _restrict_files(plan, tier, folder, private_proc=private_proc)
    call.drop_capabilities()
    call.die_with_parent(signal.SIGKILL)  # the last: a change of user or capabilities undoes it
    if tier.seccomp:
        seccomp.restrict(plan.guarded)


def _restrict_files(plan: Plan, tier: Tier, folder: str, *, private_proc: bool) -> None:
    # One of its own is read as a whole: the folders of its processes can't be listed beforehand.
    hosts = (*readable.own_proc(), *readable.HOST_PROC_READABLE)
    proc = ("/proc",) if private_proc else hosts
    shared = (namespaces.SHARED_MEMORY,) if tier.namespaces else ()
    landlock.restrict(
        executable=plan.executable,
        readable=(*plan.readable, *proc),
        writable=(folder, *_DEVICES, *shared),
    )


def _limit_for_good() -> None:
    """Set the limits that do not depend on the run; the filter keeps the first one as it is."""
    _cap(resource.RLIMIT_CORE, _NO_CORE, _NO_CORE)
    _cap(resource.RLIMIT_MEMLOCK, 0, 0)
    _cap(resource.RLIMIT_MSGQUEUE, 0, 0)
    _cap(resource.RLIMIT_NICE, 0, 0)
    _cap(resource.RLIMIT_RTPRIO, 0, 0)
    _cap(resource.RLIMIT_SIGPENDING, _SIGNALS_PENDING, _SIGNALS_PENDING)


def _cap(kind: int, soft: int, hard: int) -> None:
    _, allowed = resource.getrlimit(kind)
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    resource.setrlimit(kind, (soft, hard))


def _memory_now() -> tuple[int, int]:
    page = resource.getpagesize()
    fields = _read("/proc/self/statm").split()
    return int(fields[5]) * page, int(fields[0]) * page


def tasks_of(uid: int) -> int:
    """Return how many threads a user has now, over which the kernel counts those of a run of his.

    For the run's server, which sees them all.
    """
    count = 0
    for name in os.listdir("/proc"):  # noqa: PTH208 - thousands of entries, no objects needed
        if name.isdigit():
            with contextlib.suppress(OSError):  # it has ended
                if os.stat(f"/proc/{name}").st_uid == uid:  # noqa: PTH116 - as above
                    count += len(os.listdir(f"/proc/{name}/task"))  # noqa: PTH208 - as above
    return count


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)
