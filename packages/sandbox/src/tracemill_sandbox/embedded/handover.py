"""Makes the descriptors of a run, gives one end of each away, keeps the other."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from dataclasses import dataclass

from tracemill_sandbox.embedded.listen import Pipes
from tracemill_sandbox.inside.frame import NONCE_BYTES
from tracemill_sandbox.inside.job import Kind, Orders
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest


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


def orders_of(
    kind: Kind, codes: tuple[str, ...], request: RunRequest | BatchRequest | SessionRequest
) -> Orders:
    """Return what a request's process is told, with a number that only this run knows."""
    return Orders(
        kind=kind,
        codes=codes,
        outputs=() if isinstance(request, SessionRequest) else request.outputs,
        limits=request.limits,
        nonce=secrets.token_bytes(NONCE_BYTES),
        subprocess=isinstance(request, SessionRequest) or request.subprocess,
    )


def make_pipes(
    given: contextlib.ExitStack, kept: contextlib.ExitStack, orders: Orders
) -> tuple[Pipes, Ends]:
    """Make a run's pipes and its orders.

    Args:
        given: Closes what is given away.
        kept: Closes what is ours, unless whoever takes it over has ``pop_all`` called.
        orders: The run's.

    Raises:
        OSError: if there are no more descriptors.
    """
    request = os.memfd_create("request")
    given.callback(os.close, request)
    _write_whole(request, orders.to_bytes())
    os.lseek(request, 0, os.SEEK_SET)
    readers, writers = [], []
    for _ in range(3):
        reader, writer = os.pipe()
        given.callback(os.close, writer)
        kept.callback(os.close, reader)
        os.set_blocking(reader, False)
        readers.append(reader)
        writers.append(writer)
    pipes = Pipes(stdout=readers[0], stderr=readers[1], result=readers[2])
    return pipes, Ends(request=request, stdout=writers[0], stderr=writers[1], result=writers[2])


def socket_pair(
    given: contextlib.ExitStack, kept: contextlib.ExitStack
) -> tuple[socket.socket, socket.socket]:
    """Return our end and the end to give away; see ``make_pipes``."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    given.enter_context(theirs)
    kept.enter_context(ours)
    return ours, theirs


def _write_whole(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
