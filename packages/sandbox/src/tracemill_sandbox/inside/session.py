"""A session: each state is a process that waits; a cell runs in a fork of it, the next state.

A state is taken back by hanging up on it, and branched by running two cells from it. A cell that
takes its process with it has changed nothing: the state before it still waits.
"""

from __future__ import annotations

import os
import resource
import select
import socket
import sys
import types
from dataclasses import dataclass

from tracemill_sandbox.inside.frame import encode
from tracemill_sandbox.inside.job import Orders, receive, send
from tracemill_sandbox.inside.program import Process, execute, finish, flush, new_main, send_frame

MOST_STATES = 256
"""Processes that the states of a session may be, beyond those that its cells start.

Nobody but the program itself knows which of its processes are states, so the kernel and the worker
count them together: what states do not use, cells may.
"""


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """Descriptors of one cell, in the order in which they are sent."""

    request: int
    result: int
    stdout: int
    stderr: int
    state: int


def serve(own: socket.socket) -> int:
    """Be the first state, and in each fork the state after a cell; returns the exit code.

    Args:
        own: Socket of this state.
    """
    module = new_main()
    place = own.fileno()
    memory = resource.getrlimit(resource.RLIMIT_DATA)
    _silence()
    while True:
        cell = _next_cell(own)
        if cell is None:
            return 0
        own.close()
        own = _take_over(cell, place)
        exit_code = _run(cell, module)
        if exit_code is not None:
            return exit_code
        resource.setrlimit(resource.RLIMIT_DATA, memory)  # a cell's answer may have used a reserve


def _next_cell(own: socket.socket) -> _Cell | None:
    """Fork for every cell that is asked for; returns it in the fork, None when the host hung up."""
    cells: dict[int, tuple[int, object]] = {}
    poller = select.poll()
    poller.register(own, select.POLLIN)
    while True:
        for descriptor, _ in poller.poll():
            if descriptor in cells:
                poller.unregister(descriptor)
                _tell_of_death(own, *cells.pop(descriptor))
                os.close(descriptor)
                continue
            received = receive(own)
            if received is None:
                return None
            message, (request, result, stdout, stderr, state) = received
            child = os.fork()
            if child == 0:
                for handle in cells:
                    os.close(handle)
                return _Cell(
                    request=request, result=result, stdout=stdout, stderr=stderr, state=state
                )
            for given in received[1]:
                os.close(given)
            handle = os.pidfd_open(child)
            cells[handle] = child, message["cell"]
            poller.register(handle, select.POLLIN)


def _tell_of_death(own: socket.socket, child: int, cell: object) -> None:
    _, wait_status, used = os.wait4(child, 0)
    send(
        own,
        {
            "died": cell,
            "wait_status": wait_status,
            "cpu_seconds": used.ru_utime + used.ru_stime,
            "peak_memory_bytes": used.ru_maxrss << 10,
        },
    )


def _take_over(cell: _Cell, place: int) -> socket.socket:
    """Make the cell's descriptors this process's own; returns the socket of the new state."""
    os.dup2(cell.stdout, 1)
    os.dup2(cell.stderr, 2)
    os.dup2(cell.state, place, inheritable=False)
    for given in (cell.stdout, cell.stderr, cell.state):
        os.close(given)
    own = socket.socket(fileno=place)
    send(own, {"born": True})  # the kernel adds our process id, in the host's own count
    return own


def _run(cell: _Cell, module: types.ModuleType) -> int | None:
    """Execute a cell; returns the exit code in a copy that it forked, which is no state."""
    write, process = os.write, Process()
    with os.fdopen(cell.request, "rb") as stream:
        orders = Orders.from_bytes(stream.read())
    streams = (sys.stdout, sys.stderr)
    answer = execute(
        orders.codes[0],
        module,
        outputs=orders.outputs,
        room=orders.limits.result_bytes,
        bindings=True,
    )
    flush(streams)
    if not process.is_this:
        finish(streams)
        return answer.exit_code
    _silence()
    send_frame(encode(answer, orders.nonce), cell.result, write)
    os.close(cell.result)
    return None


def _silence() -> None:
    """Between cells nobody reads; what background threads print is lost."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
