from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.exchange import Exchange, Stream
from tracemill_sandbox.request import Limits


def test_a_stream_keeps_its_room_and_counts_everything() -> None:
    stream = Stream(room=5)
    for data in (b"abc", b"def", b"ghi"):
        stream.take(data)
    assert (bytes(stream.kept), stream.made) == (b"abcde", 9)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (b"", "the fork server ended during the run"),
        (b"done", "the run's first process ended without a report ()"),
    ],
)
def test_a_server_that_breaks_off_is_a_lost_worker(
    word: bytes, message: str, tmp_path: Path
) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    status, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ends = [os.pipe() for _ in range(3)]
    with ours, status, other:
        with theirs:
            if word:
                theirs.send(word)
        exchange = Exchange(
            control=ours,
            status=status,
            pipes=(ends[0][0], ends[1][0], ends[2][0]),
            limits=Limits(),
            folder=tmp_path,
        )
        with pytest.raises(WorkerLost) as lost:
            exchange.carry_out()
    assert str(lost.value) == message
    for reader, writer in ends:
        os.close(reader)
        os.close(writer)
