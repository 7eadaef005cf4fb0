from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tracemill_sandbox.errors import RequestInvalid, SandboxUnavailable, WorkerLost
from tracemill_sandbox.event import EventLog
from tracemill_sandbox.lifecycle.member import Member

FakeBackend = Any  # in conftest.py
Play = Callable[..., Any]


async def gives(value: int, seconds: float = 0.0) -> int:
    await asyncio.sleep(seconds)
    return value


async def raises(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (WorkerLost("gone"), WorkerLost, "gone"),
        (RequestInvalid("no"), RequestInvalid, "no"),
        (
            SandboxUnavailable(reasons=("a",), remedies=("b",)),
            SandboxUnavailable,
            "the sandbox is not available here: a. What helps: b",
        ),
        (ValueError("odd"), WorkerLost, "worker w0: ValueError: odd"),
        (TimeoutError(), WorkerLost, "worker w0: TimeoutError: "),
        (asyncio.CancelledError(), WorkerLost, "worker w0: gave up by itself"),
    ],
)
def test_only_errors_of_the_package_come_through_all_else_is_a_lost_worker(
    play: Play, fake: FakeBackend, error: BaseException, kind: type[Exception], text: str
) -> None:
    async def scene() -> None:
        member = Member(fake.worker("w0"), EventLog())
        with pytest.raises(kind) as raised:
            await member.call(raises(error), seconds=1.0, patience=1.0)
        assert (type(raised.value), str(raised.value)) == (kind, text)
        assert not member.gone.done()

    play(scene())


@pytest.mark.parametrize("fatal", [True, False])
def test_silence_beyond_the_deadline_ends_the_worker_if_it_is_to(
    play: Play, fake: FakeBackend, *, fatal: bool
) -> None:
    async def scene() -> None:
        member = Member(fake.worker("w0"), EventLog())
        with pytest.raises(WorkerLost, match=r"worker w0: did not answer within 0\.02 s"):
            await member.call(gives(1, 5.0), seconds=0.02, patience=1.0, fatal=fatal)
        assert (member.gone.done(), fake.workers[0].killed) == (fatal, int(fatal))

    play(scene())


def test_the_end_of_its_process_ends_what_was_asked_of_it_at_once(
    play: Play, fake: FakeBackend
) -> None:
    async def scene() -> None:
        member = Member(fake.worker("w0"), EventLog())
        member.watch()
        asked = asyncio.ensure_future(member.call(gives(1, 5.0), seconds=9.0, patience=1.0))
        await asyncio.sleep(0)
        fake.workers[0].die("ended by SIGKILL")
        loop = asyncio.get_running_loop()
        began = loop.time()
        assert await member.gone == "ended by SIGKILL"
        assert loop.time() - began < 0.1  # noticed
        with pytest.raises(WorkerLost, match="worker w0: ended by SIGKILL"):
            await asked
        assert member.attention.is_set()

    play(scene())


def test_a_result_that_is_there_counts_although_the_worker_is_gone(
    play: Play, fake: FakeBackend
) -> None:
    async def scene() -> None:
        member = Member(fake.worker("w0"), EventLog())
        member.end("over")
        assert await member.call(gives(7), seconds=1.0, patience=1.0) == 7

    play(scene())


def test_it_is_killed_once_and_the_first_reason_stays(play: Play, fake: FakeBackend) -> None:
    async def scene() -> None:
        member = Member(fake.worker("w0"), EventLog())
        member.end("first")
        member.end("second")
        member.retire("third")
        assert (member.gone.result(), fake.workers[0].killed) == ("first", 1)

    play(scene())


def test_it_is_occupied_as_long_as_what_was_asked_has_not_ended(
    play: Play, fake: FakeBackend
) -> None:
    async def scene() -> None:
        member = Member(fake.worker("w0"), EventLog())
        assert not member.occupied
        asked = asyncio.ensure_future(member.call(gives(1, 0.02), seconds=1.0, patience=1.0))
        await asyncio.sleep(0)
        assert member.occupied
        await asked
        assert not member.occupied

    play(scene())
