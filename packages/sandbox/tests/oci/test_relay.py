from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tracemill_sandbox.errors import RequestInvalid, SandboxUnavailable, SessionClosed, WorkerLost
from tracemill_sandbox.oci.link import Link
from tracemill_sandbox.oci.relay import serve
from tracemill_sandbox.oci.wire import Cell, Setup
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.result import RunResult
from tracemill_sandbox.worker import Greeting, Health, StopFailure

SETUP = Setup(libraries=("numpy",), avoid=("namespaces",), spares=2)
Found = TypeVar("Found")


def _with_relay(
    fake: Any, folder: Path, work: Callable[[Link], Awaitable[Found]], *, start: bool = True
) -> tuple[Found, str]:
    """Do something as the host of a relay; returns what that gave, and why the relay ended."""

    async def both() -> tuple[Found, str]:
        path = folder / "relay"
        serving = asyncio.create_task(serve(path, lambda _: fake, first_seconds=5))
        while not path.is_socket():
            await asyncio.sleep(0.001)
        link = await Link.connect(path, cancel_seconds=0.3)
        try:
            if start:
                await link.ask(Greeting, "start", SETUP, seconds=5)
            found = await work(link)
        finally:
            link.close()
        return found, await asyncio.wait_for(serving, 5)

    return asyncio.run(both())


def test_the_verbs_of_a_worker_reach_it(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> None:
        result = await link.ask(RunResult, "run", RunRequest(code="ok"), seconds=5)
        assert result.status == "ok"
        batch = BatchRequest(codes=("ok", "killed", "ok"))
        found = await link.ask(tuple[RunResult, ...], "run_batch", batch, seconds=5)
        assert [each.status for each in found] == ["ok", "killed"]
        assert await link.ask(Health, "ping", seconds=5) == fake.health

    _, reason = _with_relay(fake, tmp_path, work)
    assert reason == "the host hung up"
    assert fake.ran == ["ok", "ok", "killed"]
    assert fake.workers[0].killed == 1


def test_the_verbs_of_a_session_reach_it(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> list[str]:
        async def cell(session: int) -> str:
            said = Cell(code="ok", outputs=())
            return (await link.ask(RunResult, "cell", said, session=session, seconds=5)).reason

        first = await link.ask(int, "open_session", SessionRequest(), seconds=5)
        reasons = [await cell(first), await cell(first)]
        second = await link.ask(int, "branch", session=first, seconds=5)
        await link.ask(bool, "rollback", 2, session=first, seconds=5)
        reasons += [await cell(first), await cell(second)]
        await link.ask(bool, "close", session=first, seconds=5)
        await link.ask(bool, "close", session=first, seconds=5)
        with pytest.raises(SessionClosed, match=r"it was closed"):
            await cell(first)
        with pytest.raises(RequestInvalid, match="wanted at most 3, got 9"):
            await link.ask(bool, "rollback", 9, session=second, seconds=5)
        return reasons

    found, _ = _with_relay(fake, tmp_path, work)
    assert found == ["cell 1", "cell 2", "cell 1", "cell 3"]


def test_of_earlier_sessions_nothing_is_kept(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> None:
        first = await link.ask(int, "open_session", SessionRequest(), seconds=5)
        branch = await link.ask(int, "branch", session=first, seconds=5)
        await link.ask(bool, "close", session=first, seconds=5)
        await link.ask(int, "open_session", SessionRequest(), seconds=5)
        said = Cell(code="ok", outputs=())
        with pytest.raises(SessionClosed, match=r"it was closed"):
            await link.ask(RunResult, "cell", said, session=branch, seconds=5)

    _with_relay(fake, tmp_path, work)


def test_a_question_that_is_taken_back_is_ended_and_others_go_on(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> str:
        run = asyncio.create_task(link.ask(RunResult, "run", RunRequest(code="hang"), seconds=60))
        while not fake.ran:
            await asyncio.sleep(0.001)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert link.lost is None
        return (await link.ask(RunResult, "run", RunRequest(code="ok"), seconds=5)).status

    assert _with_relay(fake, tmp_path, work)[0] == "ok"


def test_a_question_that_is_taken_back_at_once_is_answered_too(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> str | None:
        run = asyncio.create_task(link.ask(RunResult, "run", RunRequest(code="hang"), seconds=60))
        await asyncio.sleep(0)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        return link.lost

    assert _with_relay(fake, tmp_path, work)[0] is None


def test_a_run_that_does_not_end_when_it_is_given_up_loses_the_worker(
    fake: Any, tmp_path: Path
) -> None:
    async def work(link: Link) -> str | None:
        request = RunRequest(code="stubborn")
        run = asyncio.create_task(link.ask(RunResult, "run", request, seconds=60))
        while not fake.ran:
            await asyncio.sleep(0.001)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        return link.lost

    assert _with_relay(fake, tmp_path, work)[0] == "the relay did not end run within 0.3 s"


def test_a_failed_run_is_told_and_the_relay_stays(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> Health:
        with pytest.raises(WorkerLost, match="^broke the protocol$"):
            await link.ask(RunResult, "run", RunRequest(code="fail"), seconds=5)
        return await link.ask(Health, "ping", seconds=5)

    assert _with_relay(fake, tmp_path, work)[0] == fake.health


def test_a_lost_worker_ends_the_relay_with_its_reason(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> str:
        fake.workers[0].die("its process has ended")
        return await asyncio.wait_for(link.wait_lost(), 5)

    found, _ = _with_relay(fake, tmp_path, work)
    assert found == "the worker inside was lost: its process has ended"


def test_a_fault_of_the_relay_itself_ends_it_with_its_reason(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> str:
        with pytest.raises(WorkerLost):
            await link.ask(RunResult, "run", RunRequest(code="odd"), seconds=5)
        return await asyncio.wait_for(link.wait_lost(), 5)

    found, _ = _with_relay(fake, tmp_path, work)
    assert found == "OSError: [Errno 28] No space left on device"


def test_a_worker_that_can_not_be_had_is_told_with_remedies(fake: Any, tmp_path: Path) -> None:
    fake.starts.append(SandboxUnavailable(reasons=("no kernel",), remedies=("take one",)))

    async def work(link: Link) -> tuple[str, ...]:
        with pytest.raises(SandboxUnavailable) as caught:
            await link.ask(Greeting, "start", SETUP, seconds=5)
        return (*caught.value.reasons, *caught.value.remedies)

    assert _with_relay(fake, tmp_path, work, start=False)[0] == ("no kernel", "take one")


@pytest.mark.parametrize("verb", ["run", "ping", "open_session", "run_batch"])
def test_nothing_is_done_before_the_start(fake: Any, tmp_path: Path, verb: str) -> None:
    body = {
        "run": RunRequest(code=""),
        "run_batch": BatchRequest(codes=("",)),
        "open_session": SessionRequest(),
    }.get(verb)

    async def work(link: Link) -> None:
        with pytest.raises(WorkerLost, match="^the worker in the container has not started$"):
            await link.ask(int, verb, body, seconds=5)

    _with_relay(fake, tmp_path, work, start=False)


def test_an_unknown_verb_is_refused_and_the_relay_stays(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> None:
        with pytest.raises(WorkerLost, match="^verb: wanted one of start, run, .*, got 'eval'$"):
            await link.ask(int, "eval", seconds=5)
        await link.ask(Health, "ping", seconds=5)

    _with_relay(fake, tmp_path, work)


def test_stop_ends_worker_and_backend_and_tells_what_failed(fake: Any, tmp_path: Path) -> None:
    failure = StopFailure(subject="w", phase="remove", error="OSError", text="busy")
    fake.stop = lambda _: (failure,)
    fake.shut = lambda: (failure, failure)

    async def work(link: Link) -> tuple[StopFailure, ...]:
        return await link.ask(tuple[StopFailure, ...], "stop", 0.5, seconds=5)

    assert _with_relay(fake, tmp_path, work)[0] == (failure,) * 3
    assert fake.workers[0].stopped == 1


def test_one_host_and_no_other_is_served(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> None:
        assert not (tmp_path / "relay").exists()
        with pytest.raises(OSError):  # noqa: PT011 - there is no socket any more
            await asyncio.open_unix_connection(tmp_path / "relay")

    _with_relay(fake, tmp_path, work)
    assert list(tmp_path.iterdir()) == []


def test_a_second_host_that_comes_at_the_same_time_is_hung_up_on(fake: Any, tmp_path: Path) -> None:
    async def work() -> tuple[bytes, str]:
        path = tmp_path / "relay"
        serving = asyncio.create_task(serve(path, lambda _: fake, first_seconds=5))
        while not path.is_socket():
            await asyncio.sleep(0.001)
        with socket.socket(socket.AF_UNIX) as first, socket.socket(socket.AF_UNIX) as second:
            for host in (first, second):  # both before the relay takes a look
                host.connect(str(path))
            second.settimeout(5)
            said = await asyncio.to_thread(second.recv, 1)
        return said, await asyncio.wait_for(serving, 5)

    assert asyncio.run(work()) == (b"", "the host hung up")


def test_a_host_that_speaks_another_language_is_left(fake: Any, tmp_path: Path) -> None:
    async def work(link: Link) -> None:
        link._writer.write(b"\xff\xff\xff\xff")
        await link.wait_lost()

    _, reason = _with_relay(fake, tmp_path, work)
    assert reason == "frame: wanted at most 134217728 bytes, got 4294967295"
    assert fake.workers[0].killed == 1


def test_a_relay_to_which_nobody_comes_ends(fake: Any, tmp_path: Path) -> None:
    reason = asyncio.run(serve(tmp_path / "relay", lambda _: fake, first_seconds=0.05))
    assert reason == "no host came within 0.05 s"
    assert list(tmp_path.iterdir()) == []
