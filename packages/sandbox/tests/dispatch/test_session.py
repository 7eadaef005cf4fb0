"""Sessions in the pool, on scripted workers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tracemill_sandbox.errors import PoolStopped, RequestInvalid, SessionClosed
from tracemill_sandbox.request import Limits, RunRequest, SessionRequest

if TYPE_CHECKING:
    from tracemill_sandbox.lifecycle.upkeep import Upkeep
    from tracemill_sandbox.pool import SandboxPool

FakeBackend = Any  # in conftest.py
Pools = Callable[..., "SandboxPool"]
Play = Callable[..., Any]


def test_cells_branches_and_rollbacks_go_to_the_one_worker_that_the_session_has(
    play: Play, fake_pool: Pools
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=2) as pool:
            async with pool.session(SessionRequest()) as session:
                assert [(await session.run("ok")).reason for _ in "ab"] == ["cell 1", "cell 2"]
                branch = await session.branch()
                await session.rollback()
                assert (await session.run("ok")).reason == "cell 2"
                assert (await branch.run("ok")).reason == "cell 3"
                with pytest.raises(RequestInvalid, match="rollback: wanted at most 2, got 9"):
                    await session.rollback(9)
                assert (await pool.run(RunRequest(code="ok"))).ok
            had = [event.worker_id for event in pool.events() if event.after == "BUSY"]
            assert len(had) == len(set(had)) == 2
            assert (pool.metrics().sessions, pool.metrics().runs) == (1, {"ok": 5})

    play(scene())


def test_the_worker_is_given_back_at_the_end_and_the_session_is_over(
    play: Play, fake_pool: Pools
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            async with pool.session(SessionRequest()) as session:
                branch = await session.branch()
                await branch.close()
                await branch.close()
                with pytest.raises(SessionClosed, match="the fake was closed"):
                    await branch.run("ok")
                assert (await session.run("ok")).ok
                await session.close()  # before its context ends: the worker is free at once
                assert (await pool.run(RunRequest(code="ok"))).ok
            for each in (session, branch):
                with pytest.raises(SessionClosed) as closed:
                    await each.run("ok")
                assert str(closed.value) == (
                    "the session has ended (it was closed); open a new one"
                )

    play(scene())


@pytest.mark.parametrize("code", ["die", "fail"])
def test_a_session_ends_with_its_worker(play: Play, fake_pool: Pools, code: str) -> None:
    async def scene() -> None:
        async with fake_pool() as pool, pool.session(SessionRequest()) as session:
            for _ in range(2):
                with pytest.raises(SessionClosed, match="its worker was lost: "):
                    await session.run(code)
            assert (await pool.run(RunRequest(code="ok"))).ok

    play(scene())


@pytest.mark.parametrize("code", ["fail", "odd"])
def test_a_session_is_ended_before_its_worker_goes_to_another(
    play: Play, fake_pool: Pools, fake: FakeBackend, code: str
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=2) as pool, pool.session(SessionRequest()) as session:
            with pytest.raises(SessionClosed, match="its worker was lost: "):
                await session.run(code)
            (whole,) = fake.sessions
            assert whole.closed
            assert fake.ran_when_closed == [code]

    play(scene())


def test_a_session_that_lost_two_workers_before_it_began_says_so(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            with pytest.raises(SessionClosed, match="its process has ended"):
                async with pool.session(SessionRequest(files={"die": b""})):
                    pytest.fail("it began")
            assert (pool.metrics().retries, pool.metrics().sessions) == (1, 0)
            assert (await pool.run(RunRequest(code="ok"))).ok
        assert len(fake.workers) == 3

    play(scene())


def test_a_session_is_ended_at_its_time_limit_whatever_its_caller_does(
    play: Play, fake_pool: Pools
) -> None:
    async def scene() -> None:
        whole = SessionRequest(seconds=0.05)
        async with fake_pool() as pool, pool.session(whole) as session:
            assert (await pool.run(RunRequest(code="ok"))).ok  # waits for the worker
            with pytest.raises(SessionClosed, match=r"its time limit of 0\.05 s is over"):
                await session.run("ok")

    play(scene())


def test_a_cell_that_hangs_is_given_up_by_the_hosts_own_deadline(
    play: Play, fake_pool: Pools, fake: FakeBackend, upkeep: Upkeep
) -> None:
    async def scene() -> None:
        quick = replace(upkeep, allowance_seconds=0.05)
        whole = SessionRequest(limits=Limits(wall_seconds=0.05))
        async with fake_pool(upkeep=quick) as pool, pool.session(whole) as session:
            with pytest.raises(SessionClosed, match=r"did not answer within 0\.1 s"):
                await session.run("hang")
        assert fake.workers[0].killed == 1

    play(scene())


def test_a_cancelled_cell_leaves_the_session_as_it_was(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool, pool.session(SessionRequest()) as session:
            assert (await session.run("ok")).reason == "cell 1"
            cell = asyncio.ensure_future(session.run("hang"))
            while "hang" not in fake.ran:
                await asyncio.sleep(0)
            cell.cancel()
            with pytest.raises(asyncio.CancelledError):
                await cell
            assert (await session.run("ok")).reason == "cell 2"

    play(scene())


@pytest.mark.parametrize(("code", "ends"), [("sleep 0.05", "ok"), ("hang", "closed")])
def test_a_stopping_pool_lets_the_cell_end_that_runs_and_no_other_begin(
    play: Play, fake_pool: Pools, fake: FakeBackend, code: str, ends: str
) -> None:
    async def scene() -> None:
        pool = fake_pool()
        async with pool.session(SessionRequest()) as session:
            cell = asyncio.ensure_future(session.run(code))
            while not fake.ran:
                await asyncio.sleep(0)
            report = await pool.stop(grace=0.3)
            assert report.failures == ()
            if ends == "ok":
                assert (await cell).ok
                assert report.seconds < 0.3
            else:
                with pytest.raises(SessionClosed, match="the pool was stopped"):
                    await cell
            with pytest.raises(SessionClosed, match="the pool was stopped"):
                await session.run("ok")
        with pytest.raises(PoolStopped):
            async with pool.session(SessionRequest()):
                pytest.fail("it began")

    play(scene())


def test_an_idle_session_does_not_hold_up_the_end_of_the_pool(play: Play, fake_pool: Pools) -> None:
    async def scene() -> None:
        pool = fake_pool()
        async with pool.session(SessionRequest()):
            assert (await pool.stop(grace=5.0)).seconds < 1.0

    play(scene())
