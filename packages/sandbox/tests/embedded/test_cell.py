from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tracemill_sandbox.embedded.cell import State, _death, _handle_below, _used
from tracemill_sandbox.embedded.worker import EmbeddedWorker
from tracemill_sandbox.errors import SessionClosed
from tracemill_sandbox.inside.job import Message
from tracemill_sandbox.request import MIB, Limits, SessionRequest

pytestmark = pytest.mark.sandbox

Do = Callable[[Coroutine[Any, Any, Any]], Any]


def test_facts_of_a_cell_are_the_kernels(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        busy = "import time\nwhile time.process_time() < 0.2: pass\nb = bytearray(30 << 20)"
        result = await session.run(busy)
        assert 0.15 <= result.facts.cpu_seconds < 5
        assert result.facts.peak_memory_bytes > 30 * MIB
        assert result.facts.wall_seconds >= 0.15
        await session.close()

    do(go())


def test_a_flood_ends_the_cell_and_not_the_session(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest(limits=Limits(flood_bytes=MIB)))
        flood = await session.run("import os\nwhile True: os.write(1, b'y' * 65536)")
        assert (flood.status, flood.reason) == ("output_limit", "wrote more than 1048576 bytes")
        assert (await session.run("x = 1", ("x",))).output("x") == 1
        await session.close()

    do(go())


@pytest.mark.parametrize(
    "odd",
    [
        {"wait_status": "9"},
        {"wait_status": 1 << 16},
        {"wait_status": -1},
        {"cpu_seconds": math.nan},
        {"cpu_seconds": math.inf},
        {"cpu_seconds": []},
        {"peak_memory_bytes": -5},
        {"peak_memory_bytes": 10**4000},
        {"cpu_seconds": 10**400},
        {"peak_memory_bytes": None},
    ],
)
def test_a_story_that_can_not_be_is_not_believed(odd: dict[str, object]) -> None:
    told: dict[str, object] = {"wait_status": 9, "cpu_seconds": 0.5, "peak_memory_bytes": 7}
    believed = _death(told, 1.0)
    assert believed is not None
    assert (believed.wait_status, believed.wall_seconds) == (9, 1.0)
    assert _death(told | odd, 1.0) is None


def test_a_process_that_is_gone_has_used_nothing_known() -> None:
    assert _used(0) == (0.0, 0)
    cpu, peak = _used(os.getpid())
    assert cpu > 0
    assert peak > MIB


def test_a_cells_name_for_itself_forges_no_facts(do: Do, worker: EmbeddedWorker) -> None:
    async def go() -> None:
        session = await worker.open_session(SessionRequest())
        for name in (b"\xff", b"\x0bVmHWM: x", b"\x0bVmHWM: 7777777", "\u00b2".encode()):
            code = f"import ctypes; ctypes.CDLL(None).prctl(15, {name!r}, 0, 0, 0)"
            result = await session.run(code)
            assert result.ok
            assert MIB < result.facts.peak_memory_bytes < 1024 * MIB
        await session.close()

    do(go())


@pytest.mark.filterwarnings("ignore:.*fork")
def test_a_stranger_that_has_the_number_of_a_cell_is_not_held() -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    os.close(reader)
    handle = _handle_below(child, {os.getpid()})
    assert handle >= 0
    os.close(handle)
    assert _handle_below(os.getpid(), {child}) == -1
    os.close(writer)
    os.waitpid(child, 0)
    assert _handle_below(child, {os.getpid()}) == -1
    assert _handle_below(0, {os.getpid()}) == -1


def _fill(end: socket.socket, word: bytes) -> int:
    """Write until there is no room; return how many messages that were."""
    end.setblocking(False)  # noqa: FBT003 - the standard library's own
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            end.send(word)
            count += 1
    return count


async def _turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_nobody_reads_a_state_that_nobody_waits_for() -> None:
    async def go() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        state = State(ours)
        heard: list[Message | None] = []
        state.ask(0, [])
        state.listen(heard.append)
        theirs.send(b"{}")
        await _turns()
        assert heard == [{"pid": os.getpid()}]
        state.stop_listening(heard.append)
        assert _fill(theirs, b"{}") > 1
        await _turns()
        assert _fill(theirs, b"{}") == 0  # there is no more room than before
        assert len(heard) == 1
        state.listen(heard.append)
        await _turns()
        assert heard[1:] == [{"pid": os.getpid()}, None]
        state.let_go()
        theirs.close()

    asyncio.run(go())


def test_a_state_that_says_more_than_it_can_have_to_say_is_hung_up_on() -> None:
    """It is born once, and once it tells of the death of each cell that it was asked for."""

    async def go() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        state = State(ours)
        heard: list[Message | None] = []
        state.listen(heard.append)
        state.ask(0, [])
        state.ask(1, [])
        for number in range(3):
            theirs.send(json.dumps({"died": number}).encode())
        await _turns()
        assert [message and message["died"] for message in heard] == [0, 1, 2]
        theirs.send(b"{}")
        await _turns()
        assert heard[3:] == [None]
        with pytest.raises(SessionClosed, match="newest state is gone"):
            state.ask(2, [])
        state.let_go()
        theirs.close()

    asyncio.run(go())


def test_a_long_message_of_a_state_is_not_even_looked_into() -> None:
    async def go() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        state = State(ours)
        heard: list[Message | None] = []
        state.listen(heard.append)
        theirs.send(json.dumps({"died": 1, "more": "x" * 600}).encode())
        await _turns()
        assert heard == [None]
        state.let_go()
        theirs.close()

    asyncio.run(go())


def test_two_that_wait_for_the_same_state_both_hear_of_it() -> None:
    async def go() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        state = State(ours)
        first: list[Message | None] = []
        second: list[Message | None] = []
        state.listen(first.append)
        state.listen(second.append)
        theirs.send(b"{}")
        await _turns()
        state.stop_listening(second.append)
        state.ask(1, [])
        theirs.send(b"{}")
        await _turns()
        assert (len(first), len(second)) == (2, 1)
        state.let_go()
        theirs.close()

    asyncio.run(go())
