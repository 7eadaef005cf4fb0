from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tracemill_sandbox.admission import Admission, machine_memory
from tracemill_sandbox.errors import PoolSaturated, PoolStopped, RequestInvalid
from tracemill_sandbox.request import Limits

GIB = 1 << 30


def admission(*, slots: int = 1, most_waiting: int = 8, memory_bytes: int = 100) -> Admission[str]:
    return Admission(slots=slots, most_waiting=most_waiting, memory_bytes=memory_bytes)


def play(scene: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(10):
            await scene()

    asyncio.run(bounded())


async def queued(gate: Admission[str], *memory: int) -> list[asyncio.Task[str]]:
    tasks = []
    for each in memory:
        tasks.append(asyncio.ensure_future(gate.enter(each)))
        await asyncio.sleep(0)
    return tasks


def test_workers_go_to_those_who_wait_in_order_of_arrival() -> None:
    async def scene() -> None:
        gate = admission()
        tasks = await queued(gate, 1, 1, 1)
        for worker in ("a", "b", "c"):
            gate.offer(worker)
        assert await asyncio.gather(*tasks) == ["a", "b", "c"]

    play(scene)


def test_a_large_request_is_not_overtaken_by_small_ones() -> None:
    async def scene() -> None:
        gate = admission(memory_bytes=100)
        gate.offer("a")
        gate.offer("b")
        gate.offer("c")
        assert await gate.enter(60) == "a"
        large, small = await queued(gate, 50, 1)
        await asyncio.sleep(0)
        assert (large.done(), small.done(), gate.waiting) == (False, False, 2)
        gate.leave(60)
        assert (await large, await small) == ("b", "c")

    play(scene)


def test_more_memory_than_there_is_in_all_is_refused_at_once() -> None:
    async def scene() -> None:
        with pytest.raises(RequestInvalid) as refused:
            await admission(memory_bytes=100).enter(101)
        assert str(refused.value) == (
            "limit memory_bytes: wanted at most the 100 bytes that all runs of this pool may use "
            "together, got 101; ask for less, or open the pool with a larger memory_bytes="
        )

    play(scene)


def test_one_more_than_may_wait_is_refused_with_the_time_to_come_back() -> None:
    async def scene() -> None:
        gate = admission(slots=2, most_waiting=1)
        gate.offer("a")
        assert await gate.enter(1) == "a"
        for seconds in (1.0, 3.0):
            gate.leave(0, seconds=seconds)
        await queued(gate, 1)
        with pytest.raises(PoolSaturated) as refused:
            await gate.enter(1)
        assert refused.value.retry_after == 2.0  # mean 2 s, the third in line, two workers
        assert str(refused.value) == (
            "1 runs are waiting for a sandbox worker, at most 1 may; try again in 2 s"
        )
        gate.close(PoolStopped())

    play(scene)


def test_a_free_worker_is_had_even_where_nobody_may_wait() -> None:
    async def scene() -> None:
        gate = admission(most_waiting=0)
        gate.offer("a")
        assert await gate.enter(1) == "a"
        with pytest.raises(PoolSaturated):
            await gate.enter(1)

    play(scene)


@pytest.mark.parametrize("words", [{"again": True}, {"patient": True}])
def test_what_was_admitted_once_is_not_refused_later(words: dict[str, bool]) -> None:
    async def scene() -> None:
        gate = admission(most_waiting=0)
        task = asyncio.ensure_future(gate.enter(1, **words))
        await asyncio.sleep(0)
        gate.offer("a")
        assert await task == "a"

    play(scene)


def test_who_lost_a_worker_goes_first() -> None:
    async def scene() -> None:
        gate = admission()
        (first,) = await queued(gate, 1)
        again = asyncio.ensure_future(gate.enter(1, again=True))
        await asyncio.sleep(0)
        gate.offer("a")
        assert (await again, first.done()) == ("a", False)
        gate.offer("b")
        assert await first == "b"

    play(scene)


def test_a_caller_that_gives_up_leaves_no_gap() -> None:
    async def scene() -> None:
        gate = admission()
        gone, stays = await queued(gate, 100, 100)
        gone.cancel()
        await asyncio.sleep(0)
        assert gate.waiting == 1
        gate.offer("a")
        assert await stays == "a"
        assert gone.cancelled()

    play(scene)


def test_a_worker_handed_over_in_the_moment_of_giving_up_is_not_lost() -> None:
    async def scene() -> None:
        gate = admission()
        gone, stays = await queued(gate, 100, 100)
        gate.offer("a")
        gone.cancel()
        assert await stays == "a"
        assert gone.cancelled()

    play(scene)


def test_a_worker_can_be_taken_back_as_long_as_it_is_idle() -> None:
    async def scene() -> None:
        gate = admission()
        gate.offer("a")
        assert (gate.take_back("a"), gate.take_back("a")) == (True, False)

    play(scene)


def test_closing_refuses_those_who_wait_and_those_who_come() -> None:
    async def scene() -> None:
        gate = admission()
        (waiting,) = await queued(gate, 1)
        gate.close(PoolStopped())
        with pytest.raises(PoolStopped):
            await waiting
        with pytest.raises(PoolStopped):
            await gate.enter(1)

    play(scene)


@pytest.mark.parametrize(
    ("meminfo", "bounds", "expected"),
    [
        ("MemTotal: 9 kB\nMemAvailable:    8388608 kB\n", (), 8 * GIB),
        ("MemAvailable: 8388608 kB\n", ("max\n",), 8 * GIB),
        ("MemAvailable: 8388608 kB\n", (str(2 * GIB), str(3 * GIB)), 2 * GIB),
        ("MemAvailable: 1024 kB\n", (), Limits().memory_bytes),
        ("MemTotal: 9 kB\n", (), Limits().memory_bytes),
    ],
)
def test_the_memory_is_what_the_machine_or_its_control_group_leaves(
    tmp_path: Path, meminfo: str, bounds: tuple[str, ...], expected: int
) -> None:
    (tmp_path / "meminfo").write_text(meminfo)
    for number, bound in enumerate(bounds):
        (tmp_path / str(number)).write_text(bound)
    files = tuple(str(tmp_path / str(number)) for number in range(len(bounds)))
    assert machine_memory(tmp_path / "meminfo", (*files, str(tmp_path / "absent"))) == expected


def test_a_machine_that_tells_nothing_gets_one_default_run(tmp_path: Path) -> None:
    assert machine_memory(tmp_path / "absent", ()) == Limits().memory_bytes
