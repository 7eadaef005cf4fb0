from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tracemill_worker.errors import StoreUnavailable
from tracemill_worker.loop import Worker
from tracemill_worker.memory import MemoryStore
from tracemill_worker.postgres import PostgresStore
from tracemill_worker.process import this_process
from tracemill_worker.store import Claim, Outcome
from tracemill_worker.supervisor import Limits

KINDS = ("echo", "append", "crash", "sleep", "slow_once")
RESOLVE = {kind: f"probe_handlers:{kind}" for kind in KINDS}
QUICK = Limits(beat_s=0.02, grace_s=0.2)


@pytest.fixture
def worker(tmp_path: Path, child_environment: Mapping[str, str]) -> Worker:
    return Worker(
        store=MemoryStore(),
        workspace=tmp_path / "work",
        limits=QUICK,
        resolve=RESOLVE,
        environment=child_environment,
    )


def test_until_idle_every_run_is_ended_in_order(worker: Worker) -> None:
    for kind, config in (("append", {"i": 1}), ("crash", {}), ("append", {"i": 2})):
        worker.store.enqueue(kind=kind, config=config)
    seen: list[int] = []
    done = replace(worker, on_run=lambda run: seen.append(run.id)).run_until_idle()
    assert [run.state for run in done] == ["succeeded", "failed", "succeeded"]
    assert seen == [1, 2, 3]
    assert (worker.workspace / "done.txt").read_text() == "1\n2\n"


def test_seeing_one_run_through_leaves_the_others(worker: Worker) -> None:
    worker.store.enqueue(kind="crash", config={}, priority=9)
    run = worker.store.enqueue(kind="echo", config={"a": 1})
    lines: list[str] = []
    done = replace(worker, on_line=lines.append).see_through(run.id)
    assert (done.id, done.state) == (run.id, "succeeded")
    assert lines == ["working on {'a': 1}"]
    assert worker.store.counts() == {"pending": 1, "succeeded": 1}
    assert worker.see_through(run.id) == done, "a run that is over comes back as it is"


def test_a_run_of_a_process_that_is_gone_is_taken_over_at_once(worker: Worker) -> None:
    run = worker.store.enqueue(kind="echo", config={})
    gone = replace(this_process(), started="long ago", worker="gone:1")
    worker.store.claim_pending_run(owner=gone, lease_s=3600)
    done = worker.see_through(run.id)
    assert (done.state, done.attempt) == ("succeeded", 2)
    assert [attempt.outcome for attempt in worker.store.attempts(run.id)] == ["lost", "succeeded"]


def test_a_run_of_another_living_worker_is_followed(worker: Worker) -> None:
    run = worker.store.enqueue(kind="echo", config={})
    other = worker.store.claim_pending_run(owner=this_process(), lease_s=3600)
    assert other is not None
    worker.store.append_log(other, seq=0, text="a\nb\n")
    steps: list[float] = []

    def pause(seconds: float) -> None:
        steps.append(seconds)
        if len(steps) == 2:
            worker.store.append_log(other, seq=1, text="c\n")
            worker.store.finish(other, Outcome(result={"by": "other"}, failure=None))

    lines: list[str] = []
    done = replace(worker, pause=pause, on_line=lines.append).see_through(run.id)
    assert done.result == {"by": "other"}
    assert lines == ["a", "b", "c"]


def test_an_interrupt_gives_the_run_back(worker: Worker, all_end: Any) -> None:
    run = worker.store.enqueue(kind="sleep", config={})

    def interrupt(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace(worker, on_line=interrupt).see_through(run.id)
    found = worker.store.show(run.id)
    assert (found.state, found.attempt, found.claim_no) == ("pending", 0, 1)
    assert all_end(worker.workspace / "pids")


def test_a_worker_that_lost_its_run_says_what_became_of_it(worker: Worker) -> None:
    run = worker.store.enqueue(kind="sleep", config={})
    other = Claim(run=run.replace(claim_no=1), time_limit_s=None)
    taking = replace(worker, on_line=lambda _: worker.store.release(other) and None)
    found = taking.work_next()
    assert found is not None
    assert found.state == "pending"


class Flaky(MemoryStore):
    """Does not answer the first times that a run shall be ended."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def finish(self, claim: Claim, outcome: Outcome) -> Any:
        self.times -= 1
        if self.times >= 0:
            raise StoreUnavailable("gone")
        return super().finish(claim, outcome)


def test_the_end_of_a_run_is_told_again_when_the_store_is_back(worker: Worker) -> None:
    pauses: list[float] = []
    again = replace(worker, store=Flaky(2), pause=pauses.append)
    again.store.enqueue(kind="echo", config={})
    (run,) = again.run_until_idle()
    assert run.state == "succeeded"
    assert pauses == [0.5, 0.5]


def test_a_worker_waits_longer_and_longer_for_a_store_that_is_away(worker: Worker) -> None:
    class Away(MemoryStore):
        def held_on(self, host: str) -> Any:
            raise StoreUnavailable("gone")

    pauses: list[float] = []
    said: list[str] = []
    away = replace(worker, store=Away(), pause=pauses.append, on_pause=said.append)
    away.run_forever(lambda: len(pauses) == 7)
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert said[0] == "gone; trying again in 1 s"


WORK = """
import sys
from pathlib import Path
from tracemill_worker.loop import work_one
from tracemill_worker.postgres import PostgresStore
store = PostgresStore(lambda: sys.argv[1])
work_one(store, int(sys.argv[2]), workspace=Path(sys.argv[3]),
         resolve={"slow_once": "probe_handlers:slow_once"})
"""


@pytest.mark.postgres
def test_after_kill_9_of_a_supervisor_another_finishes(
    worker: Worker, postgres_store: PostgresStore, database_url: str, all_end: Any
) -> None:
    run = postgres_store.enqueue(kind="slow_once", config={})
    first = subprocess.Popen(
        [sys.executable, "-c", WORK, database_url, str(run.id), str(worker.workspace)],
        env=dict(worker.environment),
    )
    noted = worker.workspace / "pids"
    deadline = time.monotonic() + 30
    while not noted.is_file():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    first.kill()
    first.wait()
    begun = time.monotonic()
    done = replace(worker, store=postgres_store).see_through(run.id)
    assert (done.state, done.result, done.attempt) == ("succeeded", {"time": 2}, 2)
    assert time.monotonic() - begun < 10, "nobody waits for the lease of the dead"
    assert [attempt.outcome for attempt in postgres_store.attempts(run.id)] == ["lost", "succeeded"]
    assert all_end(noted), "no training runs on"


@pytest.mark.postgres
def test_sigterm_drains_a_worker(
    worker: Worker, postgres_store: PostgresStore, tmp_path: Path
) -> None:
    stop: list[int] = []
    drained = replace(worker, store=postgres_store)
    postgres_store.enqueue(kind="echo", config={})
    before = signal.signal(signal.SIGTERM, lambda number, _: stop.append(number))
    try:
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
        timer.start()
        drained.run_forever(lambda: bool(stop))
        timer.join()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert postgres_store.counts() == {"succeeded": 1}


def test_a_run_is_worked_on_in_its_own_workspace(worker: Worker, tmp_path: Path) -> None:
    own = tmp_path / "another"
    worker.store.enqueue(kind="append", config={"i": 1}, workspace=str(own))
    worker.store.enqueue(kind="append", config={"i": 2})
    worker.run_until_idle()
    assert (own / "done.txt").read_text() == "1\n"
    assert (worker.workspace / "done.txt").read_text() == "2\n"


class Hiccup(MemoryStore):
    """Does not answer the first claims and waits."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.claims = self.waits = times

    def claim_pending_run(self, **options: Any) -> Any:
        self.claims -= 1
        if self.claims >= 0:
            raise StoreUnavailable("gone")
        return super().claim_pending_run(**options)

    def wait(self, timeout_s: float) -> None:
        self.waits -= 1
        if self.waits >= 0:
            raise StoreUnavailable("gone")


def test_a_claim_that_is_not_answered_is_tried_once_more(worker: Worker) -> None:
    once = replace(worker, store=Hiccup(1), pause=lambda _: None)
    run = once.store.enqueue(kind="echo", config={})
    assert once.see_through(run.id).state == "succeeded"
    twice = replace(worker, store=Hiccup(2), pause=lambda _: None)
    run = twice.store.enqueue(kind="echo", config={})
    with pytest.raises(StoreUnavailable):
        twice.see_through(run.id)


def test_a_wait_that_is_cut_off_is_tried_once_more(worker: Worker) -> None:
    store = Hiccup(1)
    store.claims = 0
    run = store.enqueue(kind="echo", config={})
    other = store.claim_pending_run(owner=this_process(), lease_s=3600)
    steps: list[float] = []

    def pause(seconds: float) -> None:
        steps.append(seconds)
        if len(steps) == 2:
            store.finish(other, Outcome(result={}, failure=None))

    done = replace(worker, store=store, pause=pause).see_through(run.id)
    assert done.state == "succeeded"
