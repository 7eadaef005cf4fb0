from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tracemill_sandbox.inside.job import MOST_DESCRIPTORS, Job, Orders, receive, send
from tracemill_sandbox.request import Limits


def test_orders_survive_the_way_to_the_process_even_with_odd_text() -> None:
    orders = Orders(
        kind="batch",
        codes=("x = '\ud800é\0'", ""),
        outputs=("x",),
        limits=Limits(wall_seconds=0.5),
        nonce=bytes(range(32)),
        subprocess=False,
    )
    assert Orders.from_bytes(orders.to_bytes()) == orders


def test_descriptors_are_sent_in_one_order() -> None:
    job = Job(request=1, result=2, stdout=3, stderr=4, status=5)
    assert job.descriptors() == (1, 2, 3, 4, 5)
    assert len(job.descriptors()) == MOST_DESCRIPTORS


def _open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def test_the_kernel_tells_who_sent_a_message_and_no_other_word_counts(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    with ours, theirs:
        send(theirs, {"born": True, "pid": 1})
        assert receive(ours) == ({"born": True}, [])
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        send(theirs, {"born": True, "pid": 1})
        assert receive(ours) == ({"born": True, "pid": os.getpid()}, [])


class _Plain(socket.socket):
    """What a confined process has: the filter refuses it ``sendmsg``."""

    def sendmsg(self, *_: object) -> int:
        raise PermissionError("sendmsg")


def test_a_message_without_descriptors_needs_no_more_than_a_plain_send(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    with ours, _Plain(fileno=theirs.detach()) as plain:
        send(plain, {"born": True})
        assert receive(ours) == ({"born": True}, [])
        with pytest.raises(PermissionError):
            send(plain, {"born": True}, [1])


def test_descriptors_of_what_is_no_message_are_closed(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    with ours, theirs:
        before = _open_descriptors()
        socket.send_fds(theirs, [b"[1, 2"], [0, 1, 2])
        with pytest.raises(ValueError, match="Expecting"):
            receive(ours)
        socket.send_fds(theirs, [b"[1, 2]"], [0, 1, 2])
        with pytest.raises(ValueError, match="wanted an object"):
            receive(ours)
        assert _open_descriptors() == before


def test_more_descriptors_than_are_allowed_do_not_stay_open(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    with ours, theirs:
        before = _open_descriptors()
        socket.send_fds(theirs, [b"{}"], [0] * 50)
        received = receive(ours)
        assert received is not None
        assert len(received[1]) <= 50
        for descriptor in received[1]:
            os.close(descriptor)
        assert _open_descriptors() == before


def test_who_hung_up_on_a_message_that_it_had_not_read_is_no_fault(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    send(ours, {"unread": True})
    theirs.close()
    assert receive(ours) is None
    ours.close()


def test_who_hung_up_is_no_message(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.close()
    assert receive(ours) is None
    ours.close()


@pytest.mark.parametrize("word", [b'{"a": 1}' + b" " * 60, b'{"a": "' + b"x" * 60 + b'"}'])
def test_a_message_that_is_too_long_is_none_even_if_it_begins_like_one(
    word: bytes, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    with ours, theirs:
        theirs.send(word)
        theirs.send(word)
        with pytest.raises(ValueError, match="too long for a message"):
            receive(ours, 40)
        assert receive(ours, len(word)) is not None
