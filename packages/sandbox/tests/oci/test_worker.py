from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tracemill_sandbox.errors import SandboxUnavailable, SessionClosed, WorkerLost
from tracemill_sandbox.oci.backend import OciBackend
from tracemill_sandbox.oci.worker import OciWorker
from tracemill_sandbox.request import BatchRequest, RunRequest, SessionRequest
from tracemill_sandbox.worker import StopFailure

Found = TypeVar("Found")
BackendOf = Callable[..., OciBackend]


def _with_worker(
    backend_of: BackendOf, work: Callable[[OciWorker], Awaitable[Found]], *, start: bool = True
) -> tuple[Found, tuple[StopFailure, ...]]:
    """Do something with a worker; returns what that gave, and what could not be ended."""

    async def both() -> tuple[Found, tuple[StopFailure, ...]]:
        backend = backend_of()
        await backend.open()
        worker = backend.worker("w0")
        try:
            if start:
                await worker.start()
            found = await work(worker)
        finally:
            failures = await worker.stop(1.0)
            failures += await backend.close(0.5)
        return found, failures

    return asyncio.run(both())


def test_a_worker_greets_with_the_tier_inside_a_container(backend_of: BackendOf) -> None:
    async def work(worker: OciWorker) -> str:
        assert worker.greeting.libraries == {"pandas": "3.0.0"}
        return worker.greeting.tier

    assert _with_worker(backend_of, work) == ("oci-namespaces-landlock-seccomp", ())


def test_results_carry_the_workers_own_id_backend_and_tier(backend_of: BackendOf) -> None:
    async def work(worker: OciWorker) -> None:
        result = await worker.run(RunRequest(code="ok"))
        batch = await worker.run_batch(BatchRequest(codes=("ok", "killed", "ok")))
        session = await worker.open_session(SessionRequest())
        for each in (result, *batch, await session.run("ok")):
            assert (each.worker_id, each.backend) == ("w0", "oci")
            assert each.tier == "oci-namespaces-landlock-seccomp"
        assert [each.status for each in batch] == ["ok", "killed"]
        await session.close()

    assert _with_worker(backend_of, work)[1] == ()


def test_a_session_goes_on_moves_back_and_branches(backend_of: BackendOf) -> None:
    async def work(worker: OciWorker) -> list[str]:
        session = await worker.open_session(SessionRequest())
        reasons = [(await session.run("ok")).reason, (await session.run("ok")).reason]
        branch = await session.branch()
        await session.rollback(2)
        reasons += [(await session.run("ok")).reason, (await branch.run("ok")).reason]
        await session.close()
        await session.close()
        with pytest.raises(SessionClosed):
            await session.run("ok")
        return reasons

    assert _with_worker(backend_of, work)[0] == ["cell 1", "cell 2", "cell 1", "cell 3"]


def test_a_session_of_a_lost_worker_closes_without_a_word(
    engine: Any, backend_of: BackendOf
) -> None:
    async def work(worker: OciWorker) -> None:
        session = await worker.open_session(SessionRequest())
        worker.kill()
        with pytest.raises(WorkerLost):
            await session.run("ok")
        await session.close()

    assert _with_worker(backend_of, work)[1] == ()


@pytest.mark.parametrize(
    "ask",
    [
        lambda worker: worker.run(RunRequest(code="")),
        lambda worker: worker.run_batch(BatchRequest(codes=("",))),
        lambda worker: worker.open_session(SessionRequest()),
        OciWorker.ping,
        OciWorker.wait_lost,
    ],
    ids=["run", "run_batch", "open_session", "ping", "wait_lost"],
)
def test_a_worker_that_was_not_started_says_so(
    backend_of: BackendOf, ask: Callable[[OciWorker], Awaitable[object]]
) -> None:
    async def work(worker: OciWorker) -> None:
        with pytest.raises(WorkerLost, match=r"^worker w0 has not started$"):
            await ask(worker)

    assert _with_worker(backend_of, work, start=False) == (None, ())


def test_a_container_that_ends_is_a_lost_worker_at_once(engine: Any, backend_of: BackendOf) -> None:
    async def work(worker: OciWorker) -> str:
        run = asyncio.create_task(worker.run(RunRequest(code="hang")))
        lost = asyncio.create_task(worker.wait_lost())
        await asyncio.sleep(0.05)
        engine.end(engine.made[worker.container])
        with pytest.raises(WorkerLost, match=r"^the relay hung up$"):
            await asyncio.wait_for(run, 5)
        assert await asyncio.wait_for(lost, 5) == f"container {worker.container}: the relay hung up"
        return worker.container

    _, failures = _with_worker(backend_of, work)
    assert failures == ()


def test_a_cancelled_run_leaves_the_worker_well(backend_of: BackendOf) -> None:
    async def work(worker: OciWorker) -> str:
        run = asyncio.create_task(worker.run(RunRequest(code="hang")))
        await asyncio.sleep(0.05)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        return (await worker.run(RunRequest(code="ok"))).status

    assert _with_worker(backend_of, work) == ("ok", ())


def test_a_deaf_worker_does_not_answer_within_its_deadline(
    fake: Any, backend_of: BackendOf
) -> None:
    fake.deaf = True

    async def work(worker: OciWorker) -> None:
        with pytest.raises(WorkerLost, match=r"^the relay did not answer ping within 0.5 s$"):
            await worker.ping()

    assert _with_worker(backend_of, work)[1] == ()


def _start_fails(backend_of: BackendOf, kind: type[Exception]) -> str:
    async def work(worker: OciWorker) -> str:
        with pytest.raises(kind) as caught:
            await worker.start()
        return str(caught.value)

    return _with_worker(backend_of, work, start=False)[0]


def test_a_container_that_ends_with_words_is_of_no_use(engine: Any, backend_of: BackendOf) -> None:
    engine.words = b"No module named tracemill_sandbox\n"
    said = _start_fails(backend_of, SandboxUnavailable)
    assert "ended at once: No module named tracemill_sandbox" in said
    assert "give image= an image with Python 3.11 or newer" in said


def test_a_container_that_ends_without_a_word_may_do_better(
    engine: Any, backend_of: BackendOf
) -> None:
    engine.words = b""
    assert _start_fails(backend_of, WorkerLost).endswith("ended at once: no word")


def test_a_container_that_ends_unheard_is_noticed_too(engine: Any, backend_of: BackendOf) -> None:
    engine.faults["attach", "*"] = OSError("no stream")
    engine.words = b"lost"
    said = _start_fails(backend_of, SandboxUnavailable)
    assert "OSError: no stream" in said


def test_an_image_without_python_is_of_no_use(
    engine: Any, backend_of: BackendOf, refuse: Callable[..., Exception]
) -> None:
    engine.faults["start", "*"] = refuse(400, 'exec: "python3": executable file not found')
    said = _start_fails(backend_of, SandboxUnavailable)
    assert "APIError: 400 Client Error" in said
    assert 'exec: "python3": executable file not found' in said
    assert engine.made == {}


@pytest.mark.parametrize("call", ["create", "start"])
def test_an_engine_that_fails_at_the_start_may_do_better(
    engine: Any, backend_of: BackendOf, refuse: Callable[..., Exception], tmp_path: Path, call: str
) -> None:
    engine.faults[call, "*"] = refuse(500, "no space left")
    said = _start_fails(backend_of, WorkerLost)
    assert said.startswith(f"{call} tracemill-sandbox-")
    assert said.endswith('("no space left")')
    assert engine.made == {}
    assert list((tmp_path / "ledger").iterdir()) == []


def test_what_the_worker_inside_lacks_is_passed_on(fake: Any, backend_of: BackendOf) -> None:
    fake.starts.append(SandboxUnavailable(reasons=("no kernel",), remedies=("take one",)))
    said = _start_fails(backend_of, SandboxUnavailable)
    assert said == "the sandbox is not available here: no kernel. What helps: take one"


def test_killing_is_at_once_and_stopping_then_finds_it_gone(
    engine: Any, backend_of: BackendOf
) -> None:
    async def work(worker: OciWorker) -> None:
        run = asyncio.create_task(worker.run(RunRequest(code="hang")))
        await asyncio.sleep(0.05)
        worker.kill()
        worker.kill()
        with pytest.raises(WorkerLost):
            await asyncio.wait_for(run, 5)
        assert await worker.stop(0.0) == ()
        assert await worker.stop(0.0) == ()
        assert worker.gone

    assert _with_worker(backend_of, work)[1] == ()
    assert engine.made == {}


def test_stopping_asks_the_worker_inside_first_and_passes_on_what_it_says(
    fake: Any, engine: Any, backend_of: BackendOf
) -> None:
    said = StopFailure(subject="relayed", phase="remove", error="OSError", text="busy")
    fake.stop = lambda _: (said,)

    async def work(worker: OciWorker) -> str:
        return worker.container

    container, failures = _with_worker(backend_of, work)
    assert failures == (
        StopFailure(subject=container, phase="remove", error="OSError", text="busy"),
    )
    assert fake.workers[0].stopped == 1


def test_a_relay_that_hangs_is_told_of_and_its_container_removed(
    fake: Any, engine: Any, backend_of: BackendOf
) -> None:
    fake.stop = lambda _: 30.0

    async def work(worker: OciWorker) -> str:
        return worker.container

    began = time.monotonic()
    container, (failure,) = _with_worker(backend_of, work)
    assert time.monotonic() - began < 10
    assert (failure.subject, failure.phase, failure.error) == (container, "drain", "WorkerLost")
    assert failure.text == "the relay did not answer stop within 1 s"
    assert engine.made == {}


def test_a_start_that_is_given_up_leaves_nothing(
    engine: Any, backend_of: BackendOf, tmp_path: Path
) -> None:
    engine.deaf = True

    async def work(worker: OciWorker) -> None:
        start = asyncio.create_task(worker.start())
        while not engine.made:
            await asyncio.sleep(0.01)
        start.cancel()
        with pytest.raises(asyncio.CancelledError):
            await start

    assert _with_worker(backend_of, work, start=False)[1] == ()
    assert engine.made == {}
    assert list((tmp_path / "ledger").iterdir()) == []
