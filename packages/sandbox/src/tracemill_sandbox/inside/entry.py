"""The program's own process: confined ahead of time, waits for its run, carries it out, ends."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from dataclasses import dataclass
from typing import NoReturn

from tracemill_sandbox.inside import batch, prefault, program, session
from tracemill_sandbox.inside.job import Orders, receive
from tracemill_sandbox.kernel import call, confine, namespaces, seccomp
from tracemill_sandbox.kernel.tier import Tier

_LOWER_PRIORITY = 5
"""So that a fork bomb can not keep the server and the host from ending it."""

_READY = 3
"""Where the pipe to the server lies at last, below all that the program opens."""

CONFINED, SET_UP = b"!", b"+"
"""What a process tells its server, in this order; what else it says is why it can not begin."""

REASON_BYTES = 200
"""Of that."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and as what the program runs.

    Attributes:
        folder: Its working directory, all that it can write to.
        tier: What has to hold.
        uid: Its user, as the host counts.
        pages: What it is known to write to.
    """

    folder: str
    tier: Tier
    uid: int
    pages: prefault.Pages


def become(own: socket.socket, place: Place, ready: int) -> NoReturn:
    """Give up everything, wait for the run's descriptors, carry it out, end the process.

    Args:
        own: Socket on which the descriptors come.
        place: Where and as what.
        ready: Pipe on which the server learns that this process is confined, then that it is set up
            for its run, or why it is not.
    """
    leave = os._exit
    code = 1
    try:
        place.pages.populate()  # the filter refuses it later
        _confine(place)
        os.write(ready, CONFINED)
        received = receive(own)
        own.close()
        if received is not None:
            message, descriptors = received
            orders, channel = _set_up(descriptors, ready, others=int(str(message["others"])))
            code = _carry_out(orders, place, channel)
    except OSError as error:
        os.write(2, f"{error.filename or 'setup'}: {error.strerror}\n".encode())
    finally:
        leave(code)


def _confine(place: Place) -> None:
    call.die_with_parent(signal.SIGKILL)
    private_proc = namespaces.enter_run() if place.tier.namespaces else False
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as in any Python program
    os.setsid()
    os.nice(_LOWER_PRIORITY)
    os.chdir(place.folder)
    os.environ.update(HOME=place.folder, TMPDIR=place.folder)
    confine.give_up(place.tier, folder=place.folder, uid=place.uid, private_proc=private_proc)
    call.die_with_parent(signal.SIGKILL)


def _set_up(descriptors: list[int], ready: int, *, others: int) -> tuple[Orders, int]:
    """Take the run's descriptors and limits over; returns the orders and the result channel.

    What the kernel refuses here is no fault of the program, and is told on ``ready``.
    """
    request, result, stdout, stderr = descriptors
    with os.fdopen(request, "rb") as stream:
        orders = Orders.from_bytes(stream.read())
    limits, states = orders.limits, session.MOST_STATES if orders.kind == "session" else 0
    try:
        channel = _most_descriptors(limits.open_files) - 1
        ready = _place_descriptors(result, stdout, stderr, ready, channel=channel)
        _fresh_random_numbers()
        confine.limit(limits, processes=limits.processes + states + others)
    except (OSError, ValueError) as error:  # of the two, ``setrlimit`` raises either
        os.write(ready, str(error).encode()[:REASON_BYTES])
        os._exit(1)
    os.write(ready, SET_UP)
    os.close(ready)
    return orders, channel


def _carry_out(orders: Orders, place: Place, channel: int) -> int:
    if place.tier.seccomp and not orders.subprocess and orders.kind != "session":
        seccomp.forbid_subprocesses()
    if orders.kind == "session":
        return session.serve(socket.socket(fileno=channel))
    if orders.kind == "batch":
        return batch.run(orders, channel)
    return program.run_program(
        code=orders.codes[0],
        outputs=orders.outputs,
        room=orders.limits.result_bytes,
        nonce=orders.nonce,
        channel=channel,
    )


def _most_descriptors(wanted: int) -> int:
    """Return how many descriptors the program may have, and let this process have all of them."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _place_descriptors(result: int, stdout: int, stderr: int, ready: int, *, channel: int) -> int:
    """Leave 0, 1, 2, the result at ``channel`` and ``ready``, which is returned; close all others.

    The channel is the last descriptor that is allowed, where no program comes upon it.
    """
    high = [os.dup(stdout), os.dup(stderr), os.dup(result), os.dup(ready)]
    while min(high) < 8 or channel in high:
        high = [os.dup(descriptor) for descriptor in high]
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(high[0], 1)
    os.dup2(high[1], 2)
    os.dup2(high[2], channel, inheritable=False)
    os.dup2(high[3], _READY, inheritable=False)
    os.closerange(_READY + 1, channel)
    os.closerange(channel + 1, 1 << 16)
    return _READY


def _fresh_random_numbers() -> None:
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()  # every fork would otherwise draw the same numbers
