from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from tracemill_sandbox.errors import RequestInvalid, WorkerLost
from tracemill_sandbox.oci import wire
from tracemill_sandbox.oci.link import Link
from tracemill_sandbox.oci.wire import NOBODY, Answer, Ask, Fault, encode
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.worker import Health

Found = TypeVar("Found")
Speak = Callable[[Ask], list[bytes] | None]
"""What the other side says to a question; None: it hangs up."""


def _with_link(folder: Path, speak: Speak, work: Callable[[Link], Awaitable[Found]]) -> Found:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (ask := await wire.receive(Ask, reader)) is not None:
            said = speak(ask)
            if said is None:
                break
            writer.writelines(said)
        writer.close()

    async def both() -> Found:
        server = await asyncio.start_unix_server(answer, folder / "relay")
        link = await Link.connect(folder / "relay", cancel_seconds=0.1)
        try:
            return await work(link)
        finally:
            link.close()
            server.close()
            await asyncio.sleep(0.01)  # the other side hears that it is over

    return asyncio.run(both())


def _well(ask: Ask) -> list[bytes]:
    return [encode(Answer(number=ask.number, body={"descriptors": 3, "memory_bytes": 4}))]


def test_a_question_gets_its_answer(tmp_path: Path) -> None:
    found = _with_link(tmp_path, _well, lambda link: link.ask(Health, "ping", seconds=5))
    assert found == Health(descriptors=3, memory_bytes=4)


def test_a_socket_with_a_long_path_is_reached_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    monkeypatch.chdir(deep)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("relay")
        listening.listen()

        async def work() -> str | None:
            link = await Link.connect(deep / "relay", cancel_seconds=0.1)
            lost = link.lost
            link.close()
            return lost

        assert asyncio.run(work()) is None


def test_a_child_of_the_host_holds_no_copy_of_the_connection(tmp_path: Path) -> None:
    async def fork(link: Link) -> int:
        descriptor = link._writer.get_extra_info("socket").fileno()
        child = os.fork()
        if child == 0:
            os._exit(int(Path(f"/proc/self/fd/{descriptor}").exists()))
        assert os.waitpid(child, 0) == (child, 0)
        return (await link.ask(Health, "ping", seconds=5)).descriptors

    assert _with_link(tmp_path, _well, fork) == 3


def test_answers_may_come_in_any_order_and_strangers_are_passed_over(tmp_path: Path) -> None:
    held: list[Ask] = []

    def speak(ask: Ask) -> list[bytes]:
        held.append(ask)
        if len(held) < 3:
            return []
        stray = encode(Answer(number=99, body=0))
        return [stray] + [encode(Answer(number=each.number, body=each.body)) for each in held[::-1]]

    async def work(link: Link) -> list[int]:
        return await asyncio.gather(*(link.ask(int, "echo", i, seconds=5) for i in range(3)))

    assert _with_link(tmp_path, speak, work) == [0, 1, 2]


SENSELESS = "the relay's answer to ping makes no sense: $: wanted an object, got a int"


@pytest.mark.parametrize(
    ("speak", "reason"),
    [
        (lambda _: None, "the relay hung up"),
        (lambda _: [], "the relay did not answer ping within 0.05 s"),
        (lambda ask: [encode(Answer(number=ask.number, body=5))], SENSELESS),
        (lambda _: [b"\xff\xff\xff\xff"], "the connection to the relay broke: frame: wanted at"),
        (lambda _: [b"\x00\x00\x00\x01{"], "the connection to the relay broke: frame: wanted JSON"),
        (
            lambda _: [
                encode(Answer(number=NOBODY, fault=Fault(kind="WorkerLost", text="no more")))
            ],
            "no more",
        ),
    ],
    ids=["hung up", "silent", "senseless", "long", "no JSON", "told"],
)
def test_a_connection_that_fails_once_is_lost_for_ever_with_the_reason(
    tmp_path: Path, speak: Speak, reason: str
) -> None:
    async def work(link: Link) -> None:
        seconds = 0.05 if "within" in reason else 5
        if reason == "no more":
            with pytest.raises(WorkerLost):
                await link.ask(Health, "ping", seconds=0.2)
        else:
            with pytest.raises(WorkerLost) as caught:
                await link.ask(Health, "ping", seconds=seconds)
            assert str(caught.value).startswith(reason)
            assert (await link.wait_lost()).startswith(reason)
        with pytest.raises(WorkerLost):
            await link.ask(Health, "ping", seconds=5)
        assert link.lost is not None

    _with_link(tmp_path, speak, work)


def test_the_last_word_of_a_relay_is_the_reason(tmp_path: Path) -> None:
    said = iter([[encode(Answer(number=NOBODY, fault=Fault(kind="WorkerLost", text="no more")))]])

    async def work(link: Link) -> str:
        with pytest.raises(WorkerLost):
            await link.ask(Health, "ping", seconds=0.2)
        return await link.wait_lost()

    found = _with_link(tmp_path, lambda _: next(said, None), work)
    assert found.startswith("the relay did not answer ping")


def test_closing_ends_open_questions(tmp_path: Path) -> None:
    async def work(link: Link) -> str:
        asked = asyncio.create_task(link.ask(Health, "ping", seconds=5))
        await asyncio.sleep(0.01)
        link.close()
        with pytest.raises(WorkerLost) as caught:
            await asked
        return str(caught.value)

    assert _with_link(tmp_path, lambda _: [], work) == "the connection was closed"


def test_a_request_that_is_too_large_is_refused_before_it_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(link: Link) -> Health:
        with pytest.raises(RequestInvalid) as caught:
            await link.ask(Health, "run", RunRequest(code="x" * 200), seconds=5)
        assert str(caught.value).startswith("request for a container: frame: wanted at most 150 ")
        return await link.ask(Health, "ping", seconds=5)

    monkeypatch.setattr(wire.encode, "__kwdefaults__", {"most": 150})
    assert _with_link(tmp_path, _well, work).descriptors == 3
