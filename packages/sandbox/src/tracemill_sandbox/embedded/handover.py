"""Makes the descriptors of a run, gives one end of each away, keeps the other."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass

from tracemill_sandbox.embedded.listen import Pipes
from tracemill_sandbox.inside.job import Orders


@dataclass(frozen=True, kw_only=True)
class Ends:
    """The ends of pipes that are given away, for as long as they are to be sent.

    Attributes:
        request: Holds the orders, at its beginning.
        result: To write.
        stdout: To write.
        stderr: To write.
    """

    request: int
    result: int
    stdout: int
    stderr: int


def make_pipes(stack: contextlib.ExitStack, orders: Orders) -> tuple[Pipes, Ends]:
    """Make a run's pipes and its orders; what is given away is closed with ``stack``.

    Raises:
        OSError: if there are no more descriptors.
    """
    request = os.memfd_create("request")
    stack.callback(os.close, request)
    _write_whole(request, orders.to_bytes())
    os.lseek(request, 0, os.SEEK_SET)
    readers, writers = [], []
    for _ in range(3):
        reader, writer = os.pipe()
        stack.callback(os.close, writer)
        os.set_blocking(reader, False)
        readers.append(reader)
        writers.append(writer)
    pipes = Pipes(stdout=readers[0], stderr=readers[1], result=readers[2])
    return pipes, Ends(request=request, stdout=writers[0], stderr=writers[1], result=writers[2])


def socket_pair(stack: contextlib.ExitStack) -> tuple[socket.socket, socket.socket]:
    """Return our end and the end to give away, which is closed with ``stack``."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    stack.enter_context(theirs)
    return ours, theirs


def _write_whole(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
