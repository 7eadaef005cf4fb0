from __future__ import annotations

import contextlib
import os
import socket

import pytest

from tracemill_sandbox.embedded.handover import make_pipes, socket_pair
from tracemill_sandbox.inside.job import Orders
from tracemill_sandbox.request import Limits

ORDERS = Orders(
    kind="program",
    codes=("x = 1\n" * 50_000,),
    outputs=(),
    limits=Limits(),
    nonce=bytes(32),
    subprocess=True,
)


def test_the_orders_stand_at_the_beginning_and_what_is_written_can_be_read() -> None:
    with contextlib.ExitStack() as given:
        pipes, ends = make_pipes(given, ORDERS)
        with os.fdopen(os.dup(ends.request), "rb") as stream:
            assert Orders.from_bytes(stream.read()) == ORDERS
        for reader, writer in (
            (pipes.stdout, ends.stdout),
            (pipes.stderr, ends.stderr),
            (pipes.result, ends.result),
        ):
            assert not os.get_blocking(reader)
            os.write(writer, b"x")
            assert os.read(reader, 9) == b"x"
    assert os.read(pipes.stdout, 1) == b""  # what is given away is closed here
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(ends.request)
    pipes.close()


def test_a_pair_of_sockets_keeps_messages_apart() -> None:
    with contextlib.ExitStack() as given:
        ours, theirs = socket_pair(given)
        theirs.send(b"a")
        theirs.send(b"b")
        assert ours.recv(9) == b"a"
        assert ours.type == socket.SOCK_SEQPACKET
    ours.close()
