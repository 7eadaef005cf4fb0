"""The blocking facade, on scripted workers; programs are really run in test_pool.py."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count, islice
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest

from tracemill_sandbox.errors import PoolStopped, RequestInvalid, SandboxUnavailable
from tracemill_sandbox.report import StopReport
from tracemill_sandbox.request import RunRequest, SessionRequest

if TYPE_CHECKING:
    from tracemill_sandbox.sync import SyncSandboxPool

FakeBackend = Any  # in conftest.py
Pools = Callable[..., "SyncSandboxPool"]


def test_it_has_the_words_of_the_pool(fake_sync_pool: Pools, fake: FakeBackend) -> None:
    with fake_sync_pool(workers=2) as pool:
        assert pool.run(RunRequest(code="ok")).ok
        assert [each.ok for each in pool.submit_many(["a", "b"])] == [True, True]
        with pool.session(SessionRequest()) as session:
            assert session.run("ok").reason == "cell 1"
            branch = session.branch()
            session.rollback()
            assert (session.run("ok").reason, branch.run("ok").reason) == ("cell 1", "cell 2")
            branch.close()
        identity = pool.identity()
        assert (identity.backend, identity.tier) == ("fake", "namespaces-landlock-seccomp")
        assert (identity.python, identity.libraries) == ("3.11.0", {"pandas": "3.0.0"})
        assert pool.offer().uid == 7
        assert pool.worker_pids() == (1000, 1001)
        assert pool.metrics().runs == {"ok": 6}
        assert pool.events()[0].after == "STARTING"
    assert pool.worker_pids() == ()


def test_results_come_in_order_and_no_more_is_taken_than_soon_runs(
    fake_sync_pool: Pools, fake: FakeBackend
) -> None:
    taken: list[int] = []

    def endless() -> Iterator[RunRequest]:
        for number in count():
            taken.append(number)
            yield RunRequest(code=f"sleep {0.02 if number % 2 else 0.0}")

    with fake_sync_pool(workers=2) as pool:
        results = pool.run_many(endless())
        assert [each.ok for each in islice(results, 6)] == [True] * 6
        assert len(taken) == 9  # four ahead of the five that were given out, then one more each
        results.close()  # type: ignore[attr-defined]  # it is a generator


def test_threads_may_share_it(fake_sync_pool: Pools) -> None:
    with fake_sync_pool(workers=2) as pool, ThreadPoolExecutor(8) as threads:
        results = list(threads.map(pool.run, [RunRequest(code="sleep 0.01")] * 40))
    assert [each.ok for each in results] == [True] * 40


def test_ctrl_c_ends_the_run_that_was_waited_for(fake_sync_pool: Pools, fake: FakeBackend) -> None:
    main = threading.main_thread().ident
    assert main is not None
    with fake_sync_pool() as pool:
        threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            pool.run(RunRequest(code="hang"))
        assert pool.run(RunRequest(code="ok")).ok  # on the same worker: its slot is free
        assert pool.metrics().cancellations == 1
    assert len(fake.workers) == 1


def at_step(steps: int, happens: Callable[[], None], work: Callable[[], object]) -> bool:
    """Do ``work``, let something happen at one of its lines; return whether it came so far."""
    left = [steps]

    def trace(_frame: FrameType, _event: str, _arg: object) -> Any:
        left[0] -= 1
        if left[0] == 0:
            sys.settrace(None)
            happens()
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return left[0] <= 0


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_ctrl_c_at_any_moment_leaves_no_run_without_an_owner(
    fake_sync_pool: Pools, fake: FakeBackend
) -> None:
    with fake_sync_pool() as pool:
        for steps in range(1, 150):
            with contextlib.suppress(KeyboardInterrupt):
                at_step(steps, interrupt, partial(pool.run, RunRequest(code="sleep 3")))
            began = time.monotonic()
            assert pool.run(RunRequest(code="ok")).ok
            assert time.monotonic() - began < 2.0  # the one worker was free
            if pool.metrics().runs.get("ok", 0) > steps:
                break
    assert len(fake.workers) == 1


class Handler:
    """Stops a pool, in a handler that has interrupted a call of it."""

    def __init__(self, pool: SyncSandboxPool) -> None:
        self.pool, self.reports = pool, list[StopReport]()

    def __call__(self, *_: object) -> None:
        self.reports.append(self.pool.stop(0))


@pytest.mark.parametrize("after", [0.0001, 0.0003, 0.0006, 0.001, 0.003, 0.01])
def test_a_handler_that_interrupts_any_call_may_stop_the_pool(
    fake_sync_pool: Pools, after: float
) -> None:
    for _ in range(10):
        pool = fake_sync_pool()
        handler = Handler(pool)
        before = signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, after)
        began = time.monotonic()
        try:
            with contextlib.suppress(PoolStopped):
                pool.start()
                while True:
                    pool.run(RunRequest(code="ok"))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        assert time.monotonic() - began < 1.5
        assert [report.failures for report in handler.reports] == [()]
        assert pool.stop() is handler.reports[0]
        assert pool.worker_pids() == ()


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize("call", ["start", "stop"])
def test_a_handler_may_stop_the_pool_at_each_line_of_a_call(
    fake_sync_pool: Pools, call: str
) -> None:
    for steps in range(1, 400, 7):
        pool = fake_sync_pool()
        if call == "stop":
            pool.start()
        handler = Handler(pool)
        with contextlib.suppress(PoolStopped):
            came = at_step(steps, handler, getattr(pool, call))
            if not came:
                break
        report = pool.stop()
        assert report.failures == ()
        assert all(each is report for each in handler.reports)
        assert report.seconds < 1.0


class Slow(logging.Handler):
    """Keeps what is logged; its lock may be held, as of a caller that was interrupted in it."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record.getMessage())


def test_stopping_waits_for_no_log_whose_lock_the_caller_has(fake_sync_pool: Pools) -> None:
    handler, root = Slow(), logging.getLogger()
    before = logging.getLogger("tracemill_sandbox").level
    logging.getLogger("tracemill_sandbox").setLevel(logging.INFO)
    root.addHandler(handler)
    pool = fake_sync_pool()
    try:
        pool.start()
        assert handler.lock is not None
        with handler.lock, logging._lock:  # type: ignore[attr-defined]
            report = pool.stop(0.0)
        assert report.failures == ()
        deadline = time.monotonic() + 20.0
        while time.monotonic() < deadline and not any("DEAD" in said for said in handler.kept):
            time.sleep(0.01)
    finally:
        root.removeHandler(handler)
        logging.getLogger("tracemill_sandbox").setLevel(before)
    assert any("READY -> DEAD" in said for said in handler.kept)


def test_a_finalizer_on_the_loops_own_thread_does_not_hold_it_up(
    fake_sync_pool: Pools, caplog: pytest.LogCaptureFixture
) -> None:
    async def finalize(pool: SyncSandboxPool) -> StopReport:
        return pool.stop(5.0)

    pool = fake_sync_pool()
    pool.start()
    began = time.monotonic()
    said = pool.wait(finalize(pool))
    assert [(each.subject, each.error) for each in said.failures] == [("pool", "RuntimeError")]
    assert pool.stop().failures == ()
    assert time.monotonic() - began < 1.5


def test_a_start_that_fails_leaves_no_thread(fake_sync_pool: Pools, fake: FakeBackend) -> None:
    before = threading.enumerate()
    fake.starts.append(SandboxUnavailable(reasons=("none",), remedies=("none",)))
    with pytest.raises(SandboxUnavailable), fake_sync_pool():
        pytest.fail("it started")
    assert threading.enumerate() == before


def test_stopping_is_idempotent_from_many_threads(fake_sync_pool: Pools) -> None:
    before = threading.enumerate()
    pool = fake_sync_pool()
    pool.start()
    with ThreadPoolExecutor(4) as threads:
        reports = list(threads.map(lambda _: pool.stop(), range(4)))
    assert all(report is reports[0] for report in reports)
    with pytest.raises(PoolStopped):
        pool.run(RunRequest(code="ok"))
    assert threading.enumerate() == before


def test_a_run_in_another_thread_is_cancelled_by_the_stop(
    fake_sync_pool: Pools, fake: FakeBackend
) -> None:
    pool = fake_sync_pool()
    pool.start()
    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(pool.run, RunRequest(code="hang")) for _ in "ab"]
        while len(fake.ran) < 1 or len(runs) < 2:
            time.sleep(0.005)
        time.sleep(0.02)
        report = pool.stop(grace=0.05)
        outcomes = {
            type(run.exception(5)).__name__ if run.exception(5) else run.result().status
            for run in runs
        }
    assert report.failures == ()
    assert outcomes == {"cancelled", "PoolStopped"}


def test_a_loop_that_is_held_up_is_reported_and_not_waited_for(
    fake_sync_pool: Pools, fake: FakeBackend, caplog: pytest.LogCaptureFixture
) -> None:
    freed = threading.Event()

    def block(worker: object) -> tuple[()]:
        freed.wait(10)  # a call that should have been awaited
        return ()

    fake.stop = block
    pool = fake_sync_pool()
    pool.start()
    began = time.monotonic()
    report = pool.stop(grace=0.0)
    freed.set()
    assert time.monotonic() - began < 3.0
    (failure,) = report.failures
    assert (failure.subject, failure.error) == ("pool", "TimeoutError")
    assert failure.text == "its event loop did not answer within 1.9 s"
    assert [each.levelname for each in caplog.records if "pool" in each.message] == ["ERROR"]


@pytest.mark.parametrize("grace", [math.inf, 1e300, math.nan, -1.0])
def test_an_odd_grace_is_no_reason_not_to_stop(fake_sync_pool: Pools, grace: float) -> None:
    pool = fake_sync_pool()
    pool.start()
    report = pool.stop(grace)
    assert (len(report.stopped), report.failures) == (1, ())


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # that is what is tried
def test_in_a_forked_child_the_pool_is_as_good_as_stopped(
    fake_sync_pool: Pools, caplog: pytest.LogCaptureFixture
) -> None:
    with fake_sync_pool() as pool:
        pool.start()
        child = os.fork()
        if child == 0:
            signal.alarm(10)
            os._exit(_use_in_child(pool))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert pool.run(RunRequest(code="ok")).ok


def _use_in_child(pool: SyncSandboxPool) -> int:
    try:
        pool.run(RunRequest(code="ok"))
    except PoolStopped:
        report = pool.stop(grace=5.0)
        return int(report.stopped != () or report.failures != () or report.seconds > 0)
    return 2


def test_a_session_that_outlives_its_pool_ends_quietly(fake_sync_pool: Pools) -> None:
    pool = fake_sync_pool()
    with pool.session(SessionRequest()) as session:
        pool.stop(grace=0.0)
        with pytest.raises(PoolStopped):
            session.run("ok")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"workers": 0}, "workers: wanted a whole number from 1, got 0"),
        ({"workers": 1.5}, "workers: wanted a whole number from 1, got 1.5"),
        ({"workers": True}, "workers: wanted a whole number from 1, got True"),
        ({"spares": -1}, "spares: wanted a whole number from 0, got -1"),
        ({"most_waiting": -1}, "most_waiting: wanted a whole number from 0, got -1"),
        ({"memory_bytes": 0}, "memory_bytes: wanted a whole number from 1, got 0"),
        ({"memory_bytes": math.inf}, "memory_bytes: wanted a whole number from 1, got inf"),
    ],
)
def test_a_pool_that_could_run_nothing_is_refused(
    fake_sync_pool: Pools, options: dict[str, object], text: str
) -> None:
    with pytest.raises(RequestInvalid) as caught:
        fake_sync_pool(**options)
    assert str(caught.value) == text


def test_a_process_takes_at_least_one_snippet(fake_sync_pool: Pools) -> None:
    with fake_sync_pool() as pool, pytest.raises(RequestInvalid, match="per_fork: wanted a whole"):
        pool.submit_many(["ok"], per_fork=0)
