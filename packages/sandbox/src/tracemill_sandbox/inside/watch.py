"""The first process of a run: starts the program's process, reports its end, ends the rest.

It sends two messages on the status socket: ``started`` with a pidfd of the program's process (the
host kills by it), and ``ended`` with the wait status and the kernel's usage figures. In a process
namespace the kernel kills everything else of the run when this process ends; without one it kills
its descendants itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from tracemill_sandbox import confine, guest, kernel, namespaces
from tracemill_sandbox.job import Job, Orders
from tracemill_sandbox.tier import Tier

READY = 3
"""Descriptor on which the program's process tells its warden that it is confined."""

_LOWER_PRIORITY = 5
"""So that a fork bomb can not keep the warden and the host from ending it."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How the program's process ended.

    Attributes:
        wait_status: As ``os.waitpid`` gives it.
        cpu_seconds: User and system time, waited-for children included.
        peak_memory_bytes: Largest resident set.
    """

    wait_status: int
    cpu_seconds: float
    peak_memory_bytes: int


def watch(job: Job, tier: Tier, uid: int) -> None:
    """Carry one run through; never returns."""
    kernel.die_with_parent(signal.SIGKILL)
    kernel.adopt_orphans()
    private_proc = namespaces.enter_run() if tier.namespaces else False
    ready, readied = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ready)
        _become_program(job, tier, uid, private_proc=private_proc, ready=readied)
    os.close(readied)
    for descriptor in (job.request, job.result, job.stdout, job.stderr):
        os.close(descriptor)
    with socket.socket(fileno=job.status) as status:
        _report(status, child, ready)
    if not tier.namespaces:
        end_descendants()
    os._exit(0)


def _report(status: socket.socket, child: int, ready: int) -> None:
    handle = os.pidfd_open(child)
    confined = os.read(ready, 1) == b"!"
    if confined:
        socket.send_fds(status, [b"started"], [handle])
    while True:
        pid, wait_status, usage = os.wait4(-1, 0)
        if pid == child:
            break
    ended = Ended(
        wait_status=wait_status,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory_bytes=usage.ru_maxrss * 1024,
    )
    if confined:
        status.send(json.dumps(vars(ended)).encode())


def end_descendants() -> None:
    """Kill every process that is left; orphans become our children, so none is out of reach.

    Only for a process in the same process namespace as its ``/proc``.
    """
    listed = Path("/proc/thread-self/children")
    while True:
        for pid in listed.read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _become_program(job: Job, tier: Tier, uid: int, *, private_proc: bool, ready: int) -> None:
    """Confine this process, run the program in it and end; never returns."""
    leave = os._exit
    code = 1
    try:
        orders = _read_orders(job.request)
        channel = _place_descriptors(job, ready, orders.limits.open_files)
        os.setsid()
        os.nice(_LOWER_PRIORITY)
        os.chdir(orders.folder)
        os.environ.update(HOME=orders.folder, TMPDIR=orders.folder)
        _fresh_random_numbers()
        confine.limit(orders.limits, own_user_namespace=tier.namespaces)
        confine.give_up(tier, folder=orders.folder, uid=uid, private_proc=private_proc)
        kernel.die_with_parent(signal.SIGKILL)
        os.write(READY, b"!")
        os.close(READY)
        code = guest.run_program(
            code=orders.code,
            outputs=orders.outputs,
            room=orders.limits.result_bytes,
            nonce=orders.nonce,
            channel=channel,
        )
    except OSError as error:
        os.write(2, f"{error.filename or 'setup'}: {error.strerror}\n".encode())
    finally:
        leave(code)


def _read_orders(descriptor: int) -> Orders:
    with os.fdopen(descriptor, "rb") as stream:
        return Orders.from_bytes(stream.read())


def _place_descriptors(job: Job, ready: int, open_files: int) -> int:
    """Leave 0, 1, 2, the ready pipe as 3 and the result channel as the last; close all others."""
    channel = open_files - 1
    high = [os.dup(job.stdout), os.dup(job.stderr), os.dup(job.result), os.dup(ready)]
    while min(high) < 8 or channel in high:
        high = [os.dup(descriptor) for descriptor in high]
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(high[0], 1)
    os.dup2(high[1], 2)
    os.dup2(high[2], channel, inheritable=False)
    os.dup2(high[3], READY, inheritable=False)
    os.closerange(READY + 1, channel)
    os.closerange(channel + 1, 1 << 16)
    return channel


def _fresh_random_numbers() -> None:
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()  # every fork would otherwise draw the same numbers
