from __future__ import annotations

import contextlib
import os
import resource
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
    with contextlib.ExitStack() as given, contextlib.ExitStack() as kept:
        pipes, ends = make_pipes(given, kept, ORDERS)
        kept.pop_all()
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
    with contextlib.ExitStack() as given, contextlib.ExitStack() as kept:
        ours, theirs = socket_pair(given, kept)
        kept.pop_all()
        theirs.send(b"a")
        theirs.send(b"b")
        assert ours.recv(9) == b"a"
        assert ours.type == socket.SOCK_SEQPACKET
    ours.close()


def _make_all() -> None:
    with contextlib.ExitStack() as given, contextlib.ExitStack() as kept:
        make_pipes(given, kept, ORDERS)
        socket_pair(given, kept)
        kept.pop_all()


@pytest.mark.parametrize("numbers", range(8))
def test_where_descriptors_run_out_none_is_left_open(numbers: int) -> None:
    before = sorted(os.listdir("/proc/self/fd"))  # noqa: PTH208 - is fast
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    open_now = [int(name) for name in before]
    free = [number for number in range(lowest, lowest + 100) if number not in open_now]
    resource.setrlimit(resource.RLIMIT_NOFILE, (free[numbers], most))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            _make_all()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    assert sorted(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - is fast
