"""How a pool ends, on workers that make it hard."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tracemill_sandbox.errors import PoolStopped
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.worker import StopFailure

if TYPE_CHECKING:
    from tracemill_sandbox.pool import SandboxPool

FakeBackend = Any  # in conftest.py
FakeWorker = Any  # in conftest.py
Pools = Callable[..., "SandboxPool"]
Play = Callable[..., Any]


class APIError(Exception):
    """Named as an exception of a container engine's client."""


class ReadTimeout(OSError):
    """Named as what an HTTP client raises on a frozen daemon."""


LEFT = StopFailure(subject="c0ffee", phase="verify", error="Remains", text="still there")
INJECTED = [
    (APIError("500 Server Error"), "stop", "APIError", "500 Server Error"),
    (ReadTimeout("read timed out"), "stop", "ReadTimeout", "read timed out"),
    (ConnectionRefusedError(111, "Connection refused"), "stop", "ConnectionRefusedError", "111"),
    (AssertionError(), "stop", "AssertionError", "said nothing"),
    (asyncio.CancelledError(), "stop", "CancelledError", "was called off"),
    (30.0, "stop", "TimeoutError", "did not end within 1.05 s"),
    ((LEFT,), "verify", "Remains", "still there"),
]


@pytest.mark.parametrize(("does", "phase", "error", "text"), INJECTED)
def test_one_worker_that_does_not_stop_is_logged_and_reported_and_the_others_stop(
    play: Play,
    *,
    fake_pool: Pools,
    fake: FakeBackend,
    caplog: pytest.LogCaptureFixture,
    does: object,
    phase: str,
    error: str,
    text: str,
) -> None:
    def stop(worker: FakeWorker) -> object:
        return does if worker is fake.workers[1] else ()

    async def scene() -> None:
        fake.stop = stop
        pool = fake_pool(workers=3)
        await pool.start()
        report = await pool.stop(grace=0.0)
        assert [worker.stopped for worker in fake.workers] == [1, 1, 1]
        assert report.stopped == tuple(worker.worker_id for worker in fake.workers)
        (failure,) = report.failures
        own = does == (LEFT,)
        assert failure.subject == (LEFT.subject if own else fake.workers[1].worker_id)
        assert (failure.phase, failure.error) == (phase, error)
        assert text in failure.text
        assert (report.exit_code, report.seconds < 2.0) == (3, True)
        errors = [each for each in caplog.records if each.levelno == logging.ERROR]
        (record,) = errors
        assert record.message == (
            f"{failure.subject}: {phase} failed: {failure.error}: {failure.text}"
        )

    play(scene())


@pytest.mark.parametrize(("does", "phase", "error", "text"), INJECTED[:4])
def test_a_backend_that_does_not_close_is_reported_too(
    play: Play,
    *,
    fake_pool: Pools,
    fake: FakeBackend,
    does: object,
    phase: str,
    error: str,
    text: str,
) -> None:
    async def scene() -> None:
        fake.shut = lambda: does
        pool = fake_pool()
        await pool.start()
        (failure,) = (await pool.stop()).failures
        assert (failure.subject, failure.phase, failure.error) == ("fake", phase, error)

    play(scene())


def test_all_hanging_together_take_no_longer_than_grace_and_two_seconds(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        fake.stop = lambda _: 60.0
        fake.shut = lambda: 60.0
        pool = fake_pool(workers=3)
        await pool.start()
        run = asyncio.ensure_future(pool.run(RunRequest(code="stubborn")))
        await asyncio.sleep(0.01)
        began = time.monotonic()
        report = await pool.stop(grace=0.3)
        assert time.monotonic() - began < 2.3
        assert [failure.error for failure in report.failures] == ["TimeoutError"] * 4
        assert (await run).status == "cancelled"

    play(scene())


def test_a_kill_that_raises_is_a_failure_of_its_own(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    def broken() -> None:
        raise PermissionError(1, "Operation not permitted")

    async def scene() -> None:
        pool = fake_pool()
        await pool.start()
        run = asyncio.ensure_future(pool.run(RunRequest(code="hang")))
        await asyncio.sleep(0.01)
        fake.workers[0].kill = broken
        (failure,) = (await pool.stop(grace=0.0)).failures
        assert (failure.phase, failure.error) == ("kill", "PermissionError")
        assert ((await run).status, fake.workers[0].stopped) == ("cancelled", 1)

    play(scene())


def test_running_programs_have_the_grace_to_end_by_themselves(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        pool = fake_pool(workers=2)
        await pool.start()
        runs = [
            asyncio.ensure_future(pool.run(RunRequest(code=code))) for code in ("sleep 0.1", "hang")
        ]
        await asyncio.sleep(0.01)
        await pool.stop(grace=0.3)
        assert [(await run).status for run in runs] == ["ok", "cancelled"]

    play(scene())


def test_an_idle_worker_is_asked_and_not_killed(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=2):
            pass
        assert [(worker.killed, worker.stopped) for worker in fake.workers] == [(0, 1), (0, 1)]

    play(scene())


def test_stopping_twice_or_together_is_one_stop_with_one_report(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        pool = fake_pool()
        await pool.start()
        first, second = await asyncio.gather(pool.stop(), pool.stop(grace=0.0))
        assert first is second is await pool.stop()
        assert fake.workers[0].stopped == 1

    play(scene())


def test_a_stop_whose_caller_gives_up_goes_on(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        fake.stop = lambda _: 0.1
        pool = fake_pool()
        await pool.start()
        stopping = asyncio.ensure_future(pool.stop())
        await asyncio.sleep(0.01)
        stopping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopping
        assert (await pool.stop()).failures == ()

    play(scene())


@pytest.mark.parametrize("wait", [0.0, 0.02])
def test_stopping_while_it_starts_leaves_no_worker(
    play: Play, fake_pool: Pools, fake: FakeBackend, wait: float
) -> None:
    async def scene() -> None:
        fake.starts.extend([5.0, None])
        pool = fake_pool(workers=2)
        starting = asyncio.ensure_future(pool.start())
        run = asyncio.ensure_future(pool.run(RunRequest(code="ok")))
        await asyncio.sleep(wait)
        report = await pool.stop()
        for refused in (starting, run):
            with pytest.raises(PoolStopped):
                await refused
        assert report.failures == ()
        assert report.seconds < 1.0
        assert [worker.stopped for worker in fake.workers] == [1] * len(fake.workers)
        assert len(fake.workers) == (2 if wait else 0)

    play(scene())


def test_stopping_while_the_backend_opens_calls_that_off(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    fates = []

    async def open_for_ever() -> None:
        try:
            await asyncio.sleep(60.0)
        finally:
            fates.append("called off")

    async def scene() -> None:
        fake.open = open_for_ever
        pool = fake_pool()
        starting = asyncio.ensure_future(pool.start())
        await asyncio.sleep(0.02)
        report = await pool.stop(grace=0.0)
        assert fates == ["called off"]
        assert report.failures == ()
        with pytest.raises(PoolStopped):
            await asyncio.wait_for(starting, 1.0)

    play(scene())


def test_what_workers_share_has_the_time_that_they_left(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        fake.shut = lambda: 1.0
        pool = fake_pool()
        await pool.start()
        assert (await pool.stop(grace=0.0)).failures == ()

    play(scene())


def test_a_start_whose_caller_gives_up_leaves_no_worker(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def enter() -> None:
        async with fake_pool():
            pytest.fail("it started")

    async def scene() -> None:
        fake.starts.append(5.0)
        entering = asyncio.ensure_future(enter())
        await asyncio.sleep(0.02)
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
        assert [(worker.killed, worker.stopped) for worker in fake.workers] == [(1, 1)]

    play(scene())


def test_a_pool_that_never_started_has_nothing_to_stop(play: Play, fake_pool: Pools) -> None:
    async def scene() -> None:
        pool = fake_pool()
        report = await pool.stop()
        assert (report.stopped, report.failures) == ((), ())
        with pytest.raises(PoolStopped):
            await pool.start()

    play(scene())


def test_a_lost_worker_that_is_still_being_removed_is_waited_for_and_reported(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        fake.stop = lambda worker: 60.0 if worker is fake.workers[0] else ()
        pool = fake_pool()
        await pool.run(RunRequest(code="die once"))
        (failure,) = (await pool.stop(grace=0.0)).failures
        assert (failure.subject, failure.error) == (fake.workers[0].worker_id, "TimeoutError")

    play(scene())


def test_a_pool_whose_loop_was_closed_has_its_workers_killed_and_says_what_is_left(
    fake_pool: Pools, fake: FakeBackend, caplog: pytest.LogCaptureFixture
) -> None:
    pool = fake_pool(workers=2)
    asyncio.run(pool.start())
    report = asyncio.run(pool.stop())
    assert [worker.killed for worker in fake.workers] == [1, 1]
    assert report.stopped == tuple(worker.worker_id for worker in fake.workers)
    (failure,) = report.failures
    assert (failure.subject, failure.phase, failure.error) == ("pool", "stop", "RuntimeError")
    assert "event loop was closed" in failure.text
    assert [each.levelname for each in caplog.records if "pool" in each.message] == ["ERROR"]
    assert asyncio.run(pool.stop()) is report
    with pytest.raises(PoolStopped):
        asyncio.run(pool.run(RunRequest(code="ok")))


@pytest.mark.parametrize("grace", [math.inf, math.nan, -1.0])
def test_a_grace_that_no_clock_takes_is_one_that_does(
    play: Play, fake_pool: Pools, grace: float
) -> None:
    async def scene() -> None:
        pool = fake_pool()
        await pool.start()
        report = await pool.stop(grace)
        assert (len(report.stopped), report.failures) == (1, ())

    play(scene())
