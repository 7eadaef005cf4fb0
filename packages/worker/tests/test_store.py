"""The conformance suite: every store keeps these rules."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.run import TRANSITIONS, RunFailure, RunState
from tracemill_worker.errors import RunRefused, StaleClaim, TooLarge, UnknownRun
from tracemill_worker.process import Owner
from tracemill_worker.store import Claim, Held, LogChunk, Outcome, checked_document, state_named

DONE = Outcome(result={"rows": 3}, failure=None)
CRASH = Outcome(result=None, failure=RunFailure(kind="crash", message="KeyError: 'x'", exit_code=1))
STOPPED = Outcome(
    result=None, failure=RunFailure(kind="cancelled", message="cancelled", exit_code=None)
)


def claimed(harness: Any, owner: Owner, **options: Any) -> Claim:
    run = harness.store.enqueue(kind="echo", config={}, **options)
    claim = harness.store.claim_pending_run(owner=owner, lease_s=30, run_id=run.id)
    assert claim is not None
    return claim


def test_an_enqueued_run_is_pending_and_comes_back_as_it_was_given(harness: Any) -> None:
    config = {"big": 1e16, "nul": "a\0b", "nested": [{"x": None}], "whole": 2**62, "float": 1.0}
    run = harness.store.enqueue(kind="train", config=config, max_attempts=2)
    assert harness.store.show(run.id) == run
    assert run.config == config
    assert repr(run.config["big"]) == "1e+16"
    assert (run.state, run.attempt, run.max_attempts, run.claim_no) == ("pending", 0, 2, 0)
    assert (run.worker, run.lease_until, run.started_at, run.error) == (None, None, None, None)


def test_two_live_runs_never_share_a_unique_key(harness: Any, owner: Owner) -> None:
    first = harness.store.enqueue(kind="echo", config={"a": 1}, unique_key="k")
    assert harness.store.enqueue(kind="echo", config={"a": 2}, unique_key="k") == first
    claim = harness.store.claim_pending_run(owner=owner, lease_s=30)
    assert harness.store.enqueue(kind="echo", config={}, unique_key="k").id == first.id
    harness.store.finish(claim, DONE)
    assert harness.store.enqueue(kind="echo", config={}, unique_key="k").id != first.id
    two = [harness.store.enqueue(kind="echo", config={}).id for _ in range(2)]
    assert two[0] != two[1], "runs without a key are never the same"


def test_claims_go_by_priority_then_age_and_wait_for_their_time(harness: Any, owner: Owner) -> None:
    low = harness.store.enqueue(kind="echo", config={})
    later = harness.store.enqueue(kind="echo", config={}, priority=9, delay_s=60)
    high = harness.store.enqueue(kind="echo", config={}, priority=5)
    order = [harness.store.claim_pending_run(owner=owner, lease_s=300) for _ in range(3)]
    assert [claim and claim.run_id for claim in order] == [high.id, low.id, None]
    harness.advance(61)
    assert harness.store.claim_pending_run(owner=owner, lease_s=30).run_id == later.id


def test_a_run_keeps_its_workspace_and_hands_it_over_with_each_claim(
    harness: Any, owner: Owner
) -> None:
    claim = claimed(harness, owner, workspace="/somewhere/demo")
    assert claim.workspace == "/somewhere/demo"
    harness.store.release(claim)
    again = harness.store.claim_pending_run(owner=owner, lease_s=30)
    assert again.workspace == "/somewhere/demo"
    assert claimed(harness, owner).workspace is None, "without one it is the worker's own"


def test_a_workspace_must_be_absolute(harness: Any) -> None:
    with pytest.raises(RunRefused) as caught:
        harness.store.enqueue(kind="echo", config={}, workspace="demo")
    assert str(caught.value) == (
        "run of kind echo: wanted an absolute workspace, got 'demo'; "
        "it would mean another folder to each worker"
    )


def test_a_claim_names_its_worker_and_carries_a_fencing_token(harness: Any, owner: Owner) -> None:
    claim = claimed(harness, owner, time_limit_s=12.5)
    run = harness.store.show(claim.run_id)
    assert run == claim.run
    assert (run.state, run.attempt, run.claim_no, run.worker) == ("running", 1, 1, "here:1")
    assert run.started_at is not None
    assert run.lease_until is not None
    assert claim.time_limit_s == 12.5
    assert harness.store.claim_pending_run(owner=owner, lease_s=30, run_id=run.id) is None


@pytest.mark.parametrize(
    ("outcome", "state"), [(DONE, "succeeded"), (CRASH, "failed"), (STOPPED, "cancelled")]
)
def test_finish_records_state_result_error_and_attempt(
    harness: Any, owner: Owner, outcome: Outcome, state: RunState
) -> None:
    claim = claimed(harness, owner)
    run = harness.store.finish(claim, outcome)
    assert (run.state, run.result, run.error) == (state, outcome.result, outcome.failure)
    assert run.finished_at is not None
    assert run.lease_until is None
    (attempt,) = harness.store.attempts(run.id)
    assert (attempt.claim_no, attempt.worker, attempt.outcome) == (1, "here:1", state)
    assert attempt.error == outcome.failure
    moves = [(event.from_state, event.to_state) for event in harness.store.events(run.id)]
    assert moves == [(None, "pending"), ("pending", "running"), ("running", state)]
    assert harness.store.finish(claim, outcome) == run, "a repeated answer is no fault"


def taken_over(harness: Any, owner: Owner) -> Claim:
    """Return a claim whose run another worker holds now."""
    stale = claimed(harness, owner)
    harness.advance(31)
    assert [run.state for run in harness.store.reap()] == ["pending"]
    fresh = harness.store.claim_pending_run(owner=owner, lease_s=30, run_id=stale.run_id)
    assert fresh is not None
    assert fresh.claim_no == stale.claim_no + 1
    return stale


WRITES = {
    "heartbeat": lambda store, claim: store.heartbeat(claim, lease_s=30),
    "append_log": lambda store, claim: store.append_log(claim, seq=0, text="x\n"),
    "finish": lambda store, claim: store.finish(claim, DONE),
    "fail": lambda store, claim: store.finish(claim, CRASH),
    "release": lambda store, claim: store.release(claim),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("when", ["taken over", "reaped", "finished", "cancelled"])
def test_a_stale_worker_is_refused_and_changes_nothing(
    harness: Any, owner: Owner, write: str, when: str
) -> None:
    stale = taken_over(harness, owner) if when == "taken over" else claimed(harness, owner)
    if when == "reaped":
        harness.advance(31)
        harness.store.reap()
    elif when == "finished":
        harness.store.finish(stale, CRASH if write == "finish" else DONE)
    elif when == "cancelled":
        harness.store.finish(stale, STOPPED)
    before = harness.store.show(stale.run_id)
    with pytest.raises(StaleClaim) as caught:
        WRITES[write](harness.store, stale)
    assert str(caught.value) == (
        f"run {stale.run_id}: wanted claim {stale.claim_no} to hold it, but it was taken over, "
        "finished or cancelled since; nothing was written"
    )
    assert harness.store.show(stale.run_id) == before
    assert harness.store.logs(stale.run_id) == ()


def test_a_zombie_that_succeeds_late_does_not_take_the_result(harness: Any, owner: Owner) -> None:
    zombie = taken_over(harness, owner)
    with pytest.raises(StaleClaim):
        harness.store.finish(zombie, DONE)
    live = Claim(run=harness.store.show(zombie.run_id), time_limit_s=None)
    assert harness.store.finish(live, CRASH).state == "failed"
    with pytest.raises(StaleClaim):
        harness.store.finish(zombie, DONE)
    assert [a.outcome for a in harness.store.attempts(zombie.run_id)] == ["lost", "failed"]


def test_a_heartbeat_keeps_the_lease(harness: Any, owner: Owner) -> None:
    claim = claimed(harness, owner)
    harness.advance(20)
    assert harness.store.heartbeat(claim, lease_s=30) is False
    harness.advance(20)
    assert harness.store.reap() == ()
    harness.advance(11)
    assert [run.id for run in harness.store.reap()] == [claim.run_id]


def test_a_lost_run_is_tried_again_until_it_is_dead(harness: Any, owner: Owner) -> None:
    run = harness.store.enqueue(kind="echo", config={}, max_attempts=2)
    for state in ("pending", "dead"):
        assert harness.store.claim_pending_run(owner=owner, lease_s=30) is not None
        harness.advance(31)
        assert [run.state for run in harness.store.reap()] == [state]
    dead = harness.store.show(run.id)
    reason = "attempt 2 of 2 was lost: the lease of worker here:1 ran out"
    assert dead.error == RunFailure(kind="lost", message=reason, exit_code=None)
    assert [attempt.outcome for attempt in harness.store.attempts(run.id)] == ["lost", "lost"]
    again = harness.store.retry(run.id)
    assert (again.state, again.attempt, again.max_attempts) == ("pending", 2, 3)


def test_a_worker_that_is_gone_is_reaped_before_its_lease_ends(harness: Any, owner: Owner) -> None:
    claim = claimed(harness, owner)
    assert harness.store.held_on("another boot") == ()
    held = Held(run_id=claim.run_id, claim_no=claim.claim_no, owner=owner)
    assert harness.store.held_on(owner.host) == (held,)
    later = Held(run_id=claim.run_id, claim_no=claim.claim_no + 1, owner=owner)
    assert harness.store.reap([later]) == (), "another claim of the run is not meant"
    (run,) = harness.store.reap([held])
    assert run.state == "pending"
    (attempt,) = harness.store.attempts(run.id)
    assert attempt.error.message == "attempt 1 of 3 was lost: its worker here:1 is gone"


def test_a_released_attempt_does_not_count(harness: Any, owner: Owner) -> None:
    claim = claimed(harness, owner, max_attempts=1)
    run = harness.store.release(claim)
    assert (run.state, run.attempt, run.claim_no) == ("pending", 0, 1)
    again = harness.store.claim_pending_run(owner=owner, lease_s=30)
    assert (again.run.attempt, again.claim_no) == (1, 2)
    assert [attempt.outcome for attempt in harness.store.attempts(run.id)] == ["released"]


def test_cancel_ends_a_pending_run_and_asks_a_running_one(harness: Any, owner: Owner) -> None:
    waiting = harness.store.enqueue(kind="echo", config={}, delay_s=60)
    run = harness.store.cancel(waiting.id)
    assert run.state == "cancelled"
    assert run.error.message == "cancelled before it started"
    with pytest.raises(RunRefused) as caught:
        harness.store.cancel(waiting.id)
    over = f"run {run.id} is over (cancelled); only a live run can be cancelled"
    assert str(caught.value) == over
    claim = claimed(harness, owner)
    assert harness.store.cancel(claim.run_id).state == "running"
    assert harness.store.heartbeat(claim, lease_s=30) is True
    harness.advance(31)
    (reaped,) = harness.store.reap()
    assert (reaped.state, reaped.error.kind) == ("cancelled", "cancelled")


def test_retry_is_for_runs_that_went_wrong(harness: Any, owner: Owner) -> None:
    claim = claimed(harness, owner, unique_key="k")
    with pytest.raises(RunRefused, match=r"is running; only a run that went wrong can be retried"):
        harness.store.retry(claim.run_id)
    harness.store.finish(claim, CRASH)
    other = harness.store.enqueue(kind="echo", config={}, unique_key="k")
    with pytest.raises(RunRefused, match=r"a live run has the same unique key"):
        harness.store.retry(claim.run_id)
    harness.store.cancel(other.id)
    run = harness.store.retry(claim.run_id)
    assert (run.state, run.error, run.finished_at) == ("pending", None, None)
    done = harness.store.claim_pending_run(owner=owner, lease_s=30)
    harness.store.finish(done, DONE)
    with pytest.raises(RunRefused, match=r"is succeeded"):
        harness.store.retry(done.run_id)


def test_logs_keep_their_order_and_a_repeated_chunk_is_stored_once(
    harness: Any, owner: Owner
) -> None:
    claim = claimed(harness, owner)
    for seq, text in ((0, "a\n"), (1, "b\0\n"), (0, "a\n")):
        harness.store.append_log(claim, seq=seq, text=text)
    chunks = harness.store.logs(claim.run_id)
    assert [chunk.text for chunk in chunks] == ["a\n", "b\ufffd\n"]
    assert harness.store.logs(claim.run_id, after=(1, 0)) == chunks[1:]
    assert chunks[0] == LogChunk(claim_no=1, seq=0, text="a\n")


def test_list_shows_the_newest_first_of_one_state_or_kind(harness: Any, owner: Owner) -> None:
    first = harness.store.enqueue(kind="train", config={})
    second = harness.store.enqueue(kind="dataset", config={})
    harness.store.claim_pending_run(owner=owner, lease_s=30, run_id=second.id)
    assert [run.id for run in harness.store.list()] == [second.id, first.id]
    assert [run.id for run in harness.store.list(limit=1)] == [second.id]
    assert [run.id for run in harness.store.list(kind="train")] == [first.id]
    assert [run.id for run in harness.store.list(state="running")] == [second.id]
    assert harness.store.counts() == {"pending": 1, "running": 1}


@pytest.mark.parametrize("ask", ["show", "logs", "events", "attempts", "cancel", "retry"])
def test_an_unknown_run_is_named(harness: Any, ask: str) -> None:
    with pytest.raises(UnknownRun) as caught:
        getattr(harness.store, ask)(99)
    assert str(caught.value) == "there is no run 99; list them with: tracemill run list"


def test_a_config_or_result_above_the_limit_is_refused(harness: Any, owner: Owner) -> None:
    large = {"text": "x" * 1_048_570}
    with pytest.raises(TooLarge) as caught:
        harness.store.enqueue(kind="echo", config=large)
    assert str(caught.value) == (
        "config of a run of kind echo: wanted at most 1048576 bytes of JSON, got 1048581; "
        "write it into a file of the workspace and pass the path"
    )
    claim = claimed(harness, owner)
    with pytest.raises(TooLarge, match=r"^result of run \d+: wanted at most"):
        harness.store.finish(claim, Outcome(result=large, failure=None))
    assert harness.store.show(claim.run_id).state == "running"


@pytest.mark.parametrize(("kind", "attempts"), [("No Name", 3), ("", 3), ("echo", 0)])
def test_a_run_that_is_no_run_v1_is_refused(harness: Any, kind: str, attempts: int) -> None:
    with pytest.raises(RecordError):
        harness.store.enqueue(kind=kind, config={}, max_attempts=attempts)
    assert harness.store.list() == ()


def test_wait_comes_back(harness: Any) -> None:
    harness.store.wait(0.01)
    harness.store.wait(0.01)


def test_documents_are_canonical_text() -> None:
    assert checked_document({"b": 1, "a": 1.5}, what="config") == '{"a":1.5,"b":1}'
    with pytest.raises(RecordError):
        checked_document({"a": float("nan")}, what="config")


def test_states_have_names() -> None:
    assert {state_named(name) for name in TRANSITIONS} == set(get_args(RunState))
    with pytest.raises(RunRefused, match=r"^state 'done': wanted one of pending, running"):
        state_named("done")
