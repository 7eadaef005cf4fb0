from __future__ import annotations

import asyncio
import concurrent.futures.thread
import select
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracemill_sandbox.errors import PoolStopped
from tracemill_sandbox.loop import Call, LoopThread


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    """Return a loop that ends with the test, and leaves no thread."""
    before = threading.enumerate()
    made = LoopThread()
    yield made
    made.end()
    made.end()  # a second time is no fault
    assert threading.enumerate() == before


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


def test_a_caller_gets_what_the_work_returns_or_raises(loop: LoopThread) -> None:
    async def fail() -> None:
        raise ValueError("no")

    call: Call[int] = Call()
    loop.submit(double(4), call)
    assert (call.result(5.0), call.result()) == (8, 8)
    failing: Call[None] = Call()
    loop.submit(fail(), failing)
    with pytest.raises(ValueError, match="no"):
        failing.result(5.0)


def test_a_caller_waits_no_longer_than_it_says(loop: LoopThread) -> None:
    call: Call[None] = Call()
    loop.submit(asyncio.sleep(60), call)
    with pytest.raises(TimeoutError):
        call.result(0.01)
    call.give_up()
    with pytest.raises(PoolStopped):
        call.result(5.0)


def test_work_that_was_given_up_before_it_was_handed_over_does_not_begin(
    loop: LoopThread,
) -> None:
    begun: list[int] = []

    async def begin() -> None:
        begun.append(1)

    call: Call[None] = Call()
    call.give_up()
    loop.submit(begin(), call)
    with pytest.raises(PoolStopped):
        call.result(5.0)
    assert begun == []


def test_a_loop_that_has_ended_takes_nothing_and_tells_all_that_wait(loop: LoopThread) -> None:
    async def stubborn() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                continue

    hanging: Call[None] = Call()
    loop.submit(stubborn(), hanging)
    loop.end()
    with pytest.raises(PoolStopped):
        hanging.result(5.0)
    late: Call[int] = Call()
    with pytest.raises(PoolStopped):
        loop.submit(double(4), late)
    late.give_up()


def test_a_call_that_is_given_up_at_any_moment_leaves_nothing_running(loop: LoopThread) -> None:
    running: set[int] = set()

    async def run(number: int) -> None:
        running.add(number)
        try:
            await asyncio.sleep(60)
        finally:
            running.discard(number)

    for number in range(200):
        call: Call[None] = Call()
        loop.submit(run(number), call)
        if number % 3:
            time.sleep(0.0001 * (number % 7))
        call.give_up()
        with pytest.raises(PoolStopped):
            call.result(5.0)
    assert running == set()


def test_work_in_threads_waits_for_no_lock_that_an_interrupted_caller_may_have(
    loop: LoopThread,
) -> None:
    """One is of all ``ThreadPoolExecutor.submit``, the other of all ``Thread.start``."""
    call: Call[int] = Call()
    with (
        concurrent.futures.thread._global_shutdown_lock,  # type: ignore[attr-defined]
        threading._active_limbo_lock,  # type: ignore[attr-defined]
    ):
        loop.submit(asyncio.to_thread(int, "7"), call)
        assert call.result(10.0) == 7


def test_a_complaint_of_the_loop_is_logged_elsewhere(
    loop: LoopThread, caplog: pytest.LogCaptureFixture
) -> None:
    async def complain() -> None:
        asyncio.get_running_loop().call_exception_handler({"message": "something is odd"})

    call: Call[None] = Call()
    loop.submit(complain(), call)
    call.result(5.0)
    loop.end()
    assert [(each.message, each.threadName) for each in caplog.records] == [
        ("something is odd", "tracemill-sandbox-log")
    ]


def _epolls() -> int:
    links = (one.readlink() for one in Path("/proc/self/fd").iterdir() if one.is_symlink())
    return sum(str(link) == "anon_inode:[eventpoll]" for link in links)


@pytest.mark.sandbox
def test_a_loop_needs_none_of_the_watches_that_all_processes_of_a_user_share(
    loop: LoopThread,
) -> None:
    with select.epoll():
        before = _epolls()
        other = LoopThread()
        after = _epolls()
        other.end()
    assert before == after >= 1
