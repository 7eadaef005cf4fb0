from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable

import pytest

from tracemill_sandbox.embedded.exchange import Capture, Exchange
from tracemill_sandbox.embedded.listen import Pipes
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside.job import Message, send
from tracemill_sandbox.request import Limits

ENDED: Message = {
    "ended": {"wait_status": 9, "wall_seconds": 0.1, "cpu_seconds": 0, "peak_memory_bytes": 1}
}


async def _follow(
    speak: Callable[[socket.socket, Exchange], None], *, limits: Limits | None = None
) -> Capture:
    """Follow a run whose server is played by ``speak``."""
    status, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ends = [os.pipe() for _ in range(3)]
    for reader, _ in ends:
        os.set_blocking(reader, False)
    exchange = Exchange(
        status=status,
        pipes=Pipes(stdout=ends[0][0], stderr=ends[1][0], result=ends[2][0]),
        limits=limits or Limits(),
        nonce=bytes(32),
        wall_seconds=1,
    )
    os.write(ends[0][1], b"said")
    for _, writer in ends:
        os.close(writer)
    with theirs:
        speak(theirs, exchange)
    return await exchange.carry_out()


def _start(server: socket.socket) -> None:
    handle = os.pidfd_open(os.getpid())
    send(server, {"started": True}, [handle])
    os.close(handle)


def test_the_workers_word_ends_the_run() -> None:
    capture = asyncio.run(_follow(lambda server, _: (_start(server), send(server, ENDED))[0]))
    assert capture.ended.wait_status == 9
    assert bytes(capture.stdout.kept) == b"said"
    assert (capture.cause, capture.reason) == (None, "")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (None, "the worker told nothing of the run's end"),
        ({"failed": "x"}, "the run could not begin: x"),
        ({"odd": 1}, "the run could not begin: None"),
        ({"started": True}, "no handle of its process came"),
    ],
)
def test_a_worker_that_breaks_off_is_a_lost_worker(message: Message | None, reason: str) -> None:
    def speak(server: socket.socket, _: Exchange) -> None:
        if message is not None:
            send(server, message)

    with pytest.raises(WorkerLost) as lost:
        asyncio.run(_follow(speak))
    assert str(lost.value) == reason


def test_what_the_host_ended_has_the_hosts_reason() -> None:
    def speak(server: socket.socket, exchange: Exchange) -> None:
        exchange.end("output_limit", "too much")
        exchange.end("timeout", "only the first counts")
        send(server, ENDED)

    capture = asyncio.run(_follow(speak))
    assert (capture.cause, capture.reason) == ("output_limit", "too much")
