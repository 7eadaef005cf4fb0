from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracemill_sandbox import lasting
from tracemill_sandbox.lasting import LastingThreads


def _threads() -> int:
    """Return how many the kernel counts; these stand in no list of the interpreter's."""
    return len(list(Path("/proc/self/task").iterdir()))


@pytest.fixture
def threads() -> Iterator[LastingThreads]:
    """Return threads that end with the test."""
    before = _threads()
    made = LastingThreads(most=3)
    yield made
    made.shutdown()
    made.shutdown(wait=True)  # a second time is no fault
    deadline = time.monotonic() + 20.0
    while _threads() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert _threads() <= before


def test_work_returns_or_raises(threads: LastingThreads) -> None:
    assert threads.submit(int, "12", base=5).result(20.0) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        threads.submit(int, "x").result(20.0)
    with pytest.raises(SystemExit):
        threads.submit(exit, 3).result(20.0)
    assert threads.submit(int, "1").result(20.0) == 1


def test_there_are_as_many_as_there_is_work_and_no_more_than_said(threads: LastingThreads) -> None:
    before = _threads()
    for _ in range(5):
        threads.submit(int, "1").result(20.0)
    assert _threads() <= before + 2  # one may be counted as busy for a moment
    free = threading.Event()
    begun = [threading.Event() for _ in range(5)]

    def wait(number: int) -> int:
        begun[number].set()
        free.wait(20.0)
        return number

    works = [threads.submit(wait, number) for number in range(5)]
    assert all(begun[number].wait(20.0) for number in range(3))
    assert _threads() == before + 3
    assert not begun[4].is_set()
    assert works[4].cancel()
    free.set()
    assert [work.result(20.0) for work in works[:4]] == [0, 1, 2, 3]
    assert threads.submit(int, "1").result(20.0) == 1
    assert not begun[4].is_set()


def test_where_no_thread_can_be_had_work_is_done_in_place(
    threads: LastingThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(lasting, "start_new_thread", refuse)
    assert threads.submit(threading.get_ident).result(0) == threading.get_ident()
