"""What a run meets in the pool, on scripted workers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tracemill_sandbox.errors import PoolSaturated, PoolStopped, SandboxUnavailable, WorkerLost
from tracemill_sandbox.request import Limits, RunRequest, SessionRequest

if TYPE_CHECKING:
    from tracemill_sandbox.lifecycle.upkeep import Upkeep
    from tracemill_sandbox.pool import SandboxPool

FakeBackend = Any  # in conftest.py
Pools = Callable[..., "SandboxPool"]
Play = Callable[..., Any]


def asked(code: str, limits: Limits | None = None) -> RunRequest:
    return RunRequest(code=code, limits=limits or Limits())


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("code", "status", "attempts"),
    [
        ("ok", "ok", 1),
        ("killed", "killed", 1),
        ("die once", "ok", 2),
        ("die", "infra_error", 2),
        ("fail", "infra_error", 2),
        ("odd", "infra_error", 2),
        ("infra_error", "infra_error", 2),
    ],
)
def test_an_infrastructure_error_is_tried_once_more_and_never_a_verdict(
    play: Play,
    *,
    fake_pool: Pools,
    fake: FakeBackend,
    workers: int,
    code: str,
    status: str,
    attempts: int,
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=workers) as pool:
            result = await pool.run(asked(code))
            assert (result.status, result.facts.attempts) == (status, attempts)
            assert fake.ran.count(code) == attempts
            assert (await pool.run(asked("ok"))).ok
            metrics = pool.metrics()
        assert (metrics.retries, metrics.runs) == (
            attempts - 1,
            {"ok": 2} if status == "ok" else {status: 1, "ok": 1},
        )

    play(scene())


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("code", ["fail", "die", "odd"])
def test_the_second_attempt_is_on_another_worker(
    play: Play, fake_pool: Pools, workers: int, code: str
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=workers) as pool:
            await pool.run(asked(code))
            had = [event.worker_id for event in pool.events() if event.after == "BUSY"]
        assert len(had) == len(set(had)) == 2

    play(scene())


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("die", "its process has ended"),
        ("fail", "broke the protocol"),
        ("odd", "OSError: [Errno 28] No space left on device"),
        ("infra_error", "scripted"),
    ],
)
def test_what_was_lost_twice_says_how(play: Play, fake_pool: Pools, code: str, reason: str) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            result = await pool.run(asked(code))
        assert reason in result.reason
        assert (result.worker_id, result.backend, result.tier) == ("", "fake", "none")

    play(scene())


def test_a_worker_that_hangs_is_given_up_by_the_hosts_own_deadline(
    play: Play, fake_pool: Pools, fake: FakeBackend, upkeep: Upkeep
) -> None:
    async def scene() -> None:
        async with fake_pool(upkeep=replace(upkeep, allowance_seconds=0.05)) as pool:
            result = await pool.run(asked("hang", Limits(wall_seconds=0.05)))
            assert (await pool.run(asked("ok"))).ok
        assert (result.status, result.facts.attempts) == ("infra_error", 2)
        assert result.reason.endswith("did not answer within 0.1 s")
        assert [worker.killed for worker in fake.workers] == [1, 1, 0]

    play(scene())


@pytest.mark.parametrize(("code", "workers"), [("hang", 1), ("stubborn", 2)])
def test_a_cancelled_caller_ends_its_run_and_frees_the_slot(
    play: Play, fake_pool: Pools, fake: FakeBackend, code: str, workers: int
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            run = asyncio.ensure_future(pool.run(asked(code)))
            while not fake.ran:
                await asyncio.sleep(0)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            assert (await pool.run(asked("ok"))).ok
            assert (pool.metrics().cancellations, len(fake.workers)) == (1, workers)
            dead = [event.reason for event in pool.events() if event.after == "DEAD"]
            assert dead == ["did not give up its run within 0.2 s"] * (workers - 1)

    play(scene())


def test_a_caller_that_is_cancelled_twice_leaves_no_worker_in_use(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            run = asyncio.ensure_future(pool.run(asked("stubborn")))
            while not fake.ran:
                await asyncio.sleep(0)
            run.cancel()
            await asyncio.sleep(0.02)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            assert (await pool.run(asked("ok"))).ok
        assert fake.workers[0].killed == 1

    play(scene())


def test_a_waiting_caller_that_is_cancelled_leaves_the_queue(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool(most_waiting=1) as pool:
            busy = asyncio.ensure_future(pool.run(asked("sleep 0.1")))
            waiting = asyncio.ensure_future(pool.run(asked("never")))
            await asyncio.sleep(0.02)
            with pytest.raises(PoolSaturated, match="1 runs are waiting"):
                await pool.run(asked("ok"))
            waiting.cancel()
            await asyncio.sleep(0)
            assert (await pool.run(asked("ok"))).facts.queue_seconds > 0
            assert (await busy).ok
            assert (pool.metrics().saturations, fake.ran) == (1, ["sleep 0.1", "ok"])

    play(scene())


def test_runs_of_too_much_memory_take_turns(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=3, memory_bytes=100) as pool:
            request = asked("sleep 0.05", Limits(memory_bytes=50))
            results = await asyncio.gather(*(pool.run(request) for _ in range(3)))
        waits = sorted(result.facts.queue_seconds for result in results)
        assert [wait > 0.04 for wait in waits] == [False, False, True]

    play(scene())


def test_where_nothing_starts_any_more_runs_say_so_until_it_does_again(
    play: Play, fake_pool: Pools, fake: FakeBackend, upkeep: Upkeep
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            fake.starts.extend(WorkerLost(f"no start {number}") for number in range(3))
            for _ in range(2):  # the one that waits, and the one that comes
                with pytest.raises(SandboxUnavailable) as refused:
                    await pool.run(asked("die once"))
                assert refused.value.reasons == ("no start 0", "no start 1", "no start 2")
                await asyncio.sleep(0.02)  # no start is tried meanwhile
            await asyncio.sleep(upkeep.open_seconds)
            assert (await pool.run(asked("ok"))).ok
            assert pool.metrics().start_failures == 3

    play(scene())


def test_a_run_whose_worker_dies_since_the_pool_stops_is_cancelled(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        pool = fake_pool()
        run = asyncio.ensure_future(pool.run(asked("hang")))
        while not fake.ran:
            await asyncio.sleep(0)
        waiting = asyncio.ensure_future(pool.run(asked("never")))
        await asyncio.sleep(0)
        await pool.stop(grace=0.05)
        result = await run
        assert (result.status, result.reason) == ("cancelled", "the pool was stopped")
        for refused in (waiting, pool.run(asked("ok"))):
            with pytest.raises(PoolStopped):
                await refused

    play(scene())


def test_a_run_that_waits_for_its_second_worker_when_the_pool_stops_is_cancelled(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        pool = fake_pool()
        await pool.start()
        fake.starts.append(5.0)
        run = asyncio.ensure_future(pool.run(asked("die")))
        while len(fake.workers) < 2:
            await asyncio.sleep(0)
        await asyncio.sleep(0.02)  # its first worker is lost, its second one starts for 5 s
        await pool.stop(grace=0.05)
        assert ((await run).status, (await run).facts.attempts) == ("cancelled", 1)

    play(scene())


def test_a_worker_that_passed_its_probe_serves_the_second_attempt_if_no_other_is_free(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=2) as pool, pool.session(SessionRequest()):
            async with asyncio.timeout(5):
                result = await pool.run(asked("fail"))
            assert (result.status, result.facts.attempts) == ("infra_error", 2)
        assert len(fake.workers) == 2

    play(scene())
