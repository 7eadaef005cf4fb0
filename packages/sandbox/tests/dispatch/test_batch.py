"""Batches of snippets, on scripted workers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tracemill_sandbox.dispatch.batch import split
from tracemill_sandbox.errors import PoolSaturated, PoolStopped, RequestInvalid
from tracemill_sandbox.request import Limits, RunRequest

if TYPE_CHECKING:
    from tracemill_sandbox.pool import SandboxPool

FakeBackend = Any  # in conftest.py
Pools = Callable[..., "SandboxPool"]
Play = Callable[..., Any]


@pytest.mark.parametrize(
    ("count", "per_fork", "lanes", "sizes"),
    [
        (1, 64, 2, [1]),
        (128, 64, 2, [64, 64]),
        (130, 64, 2, [64, 64, 2]),
        (64, 64, 2, [32, 32]),
        (5, 64, 2, [3, 2]),
        (3, 1, 1, [1, 1, 1]),
        (2, 0, 1, [1, 1]),
    ],
)
def test_snippets_are_split_so_that_no_lane_stands_idle(
    count: int, per_fork: int, lanes: int, sizes: list[int]
) -> None:
    codes = [str(number) for number in range(count)]
    chunks = split(codes, per_fork=per_fork, lanes=lanes)
    assert [len(chunk.rest) for chunk in chunks] == sizes
    assert [code for chunk in chunks for code in chunk.rest] == codes
    assert [chunk.first for chunk in chunks] == [True] + [False] * (len(sizes) - 1)


@pytest.mark.parametrize(
    ("codes", "statuses", "attempts", "batches"),
    [
        (["a", "b", "c"], ["ok"] * 3, [1, 1, 1], [("a", "b", "c")]),
        # One that takes the process with it: the rest goes on in another.
        (
            ["a", "killed", "c"],
            ["ok", "killed", "ok"],
            [1, 1, 1],
            [("a", "killed", "c"), ("c",)],
        ),
        # A lost worker: nobody knows whose doing it was, so each of them is tried alone.
        (
            ["a", "die", "c"],
            ["ok", "infra_error", "ok"],
            [2, 2, 2],
            [("a", "die", "c"), ("a",), ("die",), ("c",)],
        ),
        (["die once", "b"], ["ok", "ok"], [2, 2], [("die once", "b"), ("die once",), ("b",)]),
        # What is known before the loss is not run again.
        (
            ["killed", "die once", "c"],
            ["killed", "ok", "ok"],
            [1, 2, 2],
            [("killed", "die once", "c"), ("die once", "c"), ("die once",), ("c",)],
        ),
        # A worker that itself says that it failed is no verdict either.
        (
            ["a", "infra_error", "c"],
            ["ok", "infra_error", "ok"],
            [1, 2, 2],
            [
                ("a", "infra_error", "c"),
                ("infra_error", "c"),
                ("infra_error",),
                ("c",),
            ],
        ),
    ],
)
def test_every_snippet_has_one_result_and_only_the_culprit_is_lost(
    play: Play,
    *,
    fake_pool: Pools,
    fake: FakeBackend,
    codes: list[str],
    statuses: list[str],
    attempts: list[int],
    batches: list[tuple[str, ...]],
) -> None:
    async def scene() -> None:
        async with fake_pool() as pool:
            results = await pool.submit_many(codes)
            metrics = pool.metrics()
        assert [result.status for result in results] == statuses
        assert [result.facts.attempts for result in results] == attempts
        assert fake.batches == batches
        assert metrics.snippets == sum(metrics.runs.values()) == len(codes)

    play(scene())


def test_results_come_in_order_from_all_workers(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=2) as pool:
            codes = ["sleep 0.02", *(str(number) for number in range(9))]
            results = await pool.submit_many(codes, per_fork=2)
            had = {event.worker_id for event in pool.events() if event.after == "BUSY"}
        assert len(results) == 10
        assert [batch[0] for batch in sorted(fake.batches[2:])] == ["3", "5", "7"]
        assert len(had) == 2

    play(scene())


def test_no_snippets_need_no_worker(play: Play, fake_pool: Pools, fake: FakeBackend) -> None:
    async def scene() -> None:
        pool = fake_pool()
        assert await pool.submit_many([]) == ()
        assert fake.opened == 0

    play(scene())


def test_a_batch_is_admitted_or_refused_as_a_whole(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool(most_waiting=0) as pool:
            results = await pool.submit_many(["a", "b", "c"], per_fork=1)
            assert [result.status for result in results] == ["ok"] * 3
            busy = asyncio.ensure_future(pool.run(RunRequest(code="sleep 0.1")))
            await asyncio.sleep(0.02)
            with pytest.raises(PoolSaturated):
                await pool.submit_many(["d"])
            assert (await busy).ok
        assert "d" not in fake.ran

    play(scene())


def test_a_batch_that_asks_for_too_much_memory_is_refused(play: Play, fake_pool: Pools) -> None:
    async def scene() -> None:
        async with fake_pool(memory_bytes=100) as pool:
            with pytest.raises(RequestInvalid, match="limit memory_bytes: wanted at most the 100"):
                await pool.submit_many(["a"], limits=Limits(memory_bytes=101))

    play(scene())


@pytest.mark.parametrize(
    ("codes", "statuses"),
    [
        (["a", "hang", "c"], ["ok", "cancelled", "cancelled"]),
        (["hang", "b"], ["cancelled", "cancelled"]),
    ],
)
def test_what_a_stopping_pool_did_not_run_is_cancelled_and_the_rest_is_kept(
    play: Play, fake_pool: Pools, fake: FakeBackend, codes: list[str], statuses: list[str]
) -> None:
    async def scene() -> None:
        pool = fake_pool()
        batch = asyncio.ensure_future(pool.submit_many(codes, per_fork=1))
        while "hang" not in fake.ran:
            await asyncio.sleep(0)
        await pool.stop(grace=0.02)
        assert [result.status for result in await batch] == statuses
        with pytest.raises(PoolStopped):
            await pool.submit_many(["d"])

    play(scene())


def test_a_cancelled_batch_frees_its_workers(
    play: Play, fake_pool: Pools, fake: FakeBackend
) -> None:
    async def scene() -> None:
        async with fake_pool(workers=2) as pool:
            batch = asyncio.ensure_future(pool.submit_many(["hang", "hang"], per_fork=1))
            while len(fake.ran) < 2:
                await asyncio.sleep(0)
            batch.cancel()
            with pytest.raises(asyncio.CancelledError):
                await batch
            results = await asyncio.gather(*(pool.run(RunRequest(code="ok")) for _ in "ab"))
            assert [result.ok for result in results] == [True, True]
            assert len(fake.workers) == 2

    play(scene())
