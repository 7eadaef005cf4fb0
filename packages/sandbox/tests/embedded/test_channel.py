from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import pytest

from tracemill_sandbox.embedded.channel import Channel, close_all
from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.inside.job import Message, receive, send

Heard = list[tuple[Message | None, int]]


async def _hear(words: list[bytes], *, hang_up: bool = True) -> Heard:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    heard: Heard = []
    channel = Channel(ours, lambda message, given: heard.append((message, len(given))))
    with theirs:
        for word in words:
            theirs.send(word)
    for _ in range(len(words) + 2):
        await asyncio.sleep(0)
    channel.close()
    return heard


def test_messages_are_heard_in_order_and_then_the_end() -> None:
    assert asyncio.run(_hear([b'{"a":1}', b"{}"])) == [({"a": 1}, 0), ({}, 0), (None, 0)]


@pytest.mark.parametrize("noise", [b"\xff", b"[]", b"{", b'"' + b"[" * 9000, b"[" * 60000])
def test_a_side_that_does_not_speak_the_language_is_hung_up_on(noise: bytes) -> None:
    assert asyncio.run(_hear([noise, b"{}"])) == [(None, 0)]


def test_descriptors_come_along_and_can_be_closed() -> None:
    async def go() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        given: list[int] = []
        channel = Channel(ours, lambda _, descriptors: given.extend(descriptors))
        send(theirs, {"x": 1}, [0, 1])
        await asyncio.sleep(0.01)
        assert len(given) == 2
        assert not os.get_inheritable(given[0])
        close_all(given)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(given[0])
        close_all(given)  # a second time is no fault
        channel.send({"y": 2})
        assert receive(theirs) == ({"y": 2}, [])
        theirs.close()
        channel.close()

    asyncio.run(go())


def test_a_child_of_the_host_holds_no_copy_that_would_keep_the_other_side_waiting() -> None:
    async def go() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        channel = Channel(ours, lambda *_: None)
        descriptor = ours.fileno()
        child = os.fork()
        if child == 0:
            held = Path(f"/proc/self/fd/{descriptor}").exists()
            channel.close()
            os._exit(int(held))
        assert os.waitpid(child, 0) == (child, 0)
        channel.send({"still": "open"})
        assert receive(theirs) == ({"still": "open"}, [])
        channel.close()
        theirs.close()

    asyncio.run(go())


def test_speaking_to_nobody_is_a_lost_worker() -> None:
    async def go() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        channel = Channel(ours, lambda *_: None)
        theirs.close()
        with pytest.raises(WorkerLost, match="it does not listen: Broken pipe"):
            channel.send({})
        channel.close()
        with pytest.raises(WorkerLost, match="it has ended"):
            channel.send({})

    asyncio.run(go())
