"""The store of runs in memory: the shipped twin of ``postgres.py``, for tests and trials.

It keeps the same rules and passes the same suite; it is gone with its process.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tracemill_schema.canonical import JsonObject
from tracemill_schema.record import Instant
from tracemill_schema.run import TRANSITIONS, Run, RunFailure, RunState
from tracemill_worker.errors import RunRefused, StaleClaim, UnknownRun
from tracemill_worker.process import Owner
from tracemill_worker.store import (
    DEFAULT_ATTEMPTS,
    Attempt,
    AttemptEnd,
    Claim,
    Held,
    LogChunk,
    Outcome,
    RunEvent,
    checked_document,
    checked_workspace,
    new_run,
)

LIVE: tuple[RunState, ...] = ("pending", "running")


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A run and what the store knows beside it; seconds are those of the store's clock."""

    run: Run
    priority: int
    run_after: float
    time_limit_s: float | None
    workspace: str | None
    lease_until: float = 0.0
    cancel_requested: bool = False
    owner: Owner | None = None


@dataclass(kw_only=True)
class _History:
    events: list[RunEvent] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    logs: dict[tuple[int, int], LogChunk] = field(default_factory=dict)


class MemoryStore:
    """A RunStore in this process; ``clock`` returns seconds since 1970."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._rows: dict[int, _Row] = {}
        self._history: dict[int, _History] = {}

    def enqueue(
        self,
        *,
        kind: str,
        config: JsonObject,
        workspace: str | None = None,
        unique_key: str | None = None,
        priority: int = 0,
        max_attempts: int = DEFAULT_ATTEMPTS,
        delay_s: float = 0.0,
        time_limit_s: float | None = None,
    ) -> Run:
        """See RunStore."""
        live = None if unique_key is None else self._live(unique_key)
        if live is not None:
            return live
        run = new_run(
            run_id=len(self._rows) + 1,
            kind=kind,
            config=config,
            unique_key=unique_key,
            max_attempts=max_attempts,
            created_at=self._now(),
        )
        run_after = self._clock() + delay_s
        row = _Row(
            run=run,
            priority=priority,
            run_after=run_after,
            time_limit_s=time_limit_s,
            workspace=checked_workspace(workspace, kind=kind),
        )
        self._history[run.id] = _History()
        self._rows[run.id] = row
        self._note(None, run)
        return run

    def claim_pending_run(
        self, *, owner: Owner, lease_s: float, run_id: int | None = None
    ) -> Claim | None:
        """See RunStore."""
        ready = [
            row
            for row in self._rows.values()
            if row.run.state == "pending"
            and row.run_after <= self._clock()
            and run_id in (None, row.run.id)
        ]
        if not ready:
            return None
        row = min(ready, key=lambda row: (-row.priority, row.run.id))
        run = row.run.replace(
            state="running",
            attempt=row.run.attempt + 1,
            claim_no=row.run.claim_no + 1,
            lease_until=self._now(after=lease_s),
            worker=owner.worker,
            started_at=self._now(),
        )
        lease_until = self._clock() + lease_s
        self._move(replace(row, run=run, owner=owner, lease_until=lease_until))
        return Claim(run=run, time_limit_s=row.time_limit_s, workspace=row.workspace)

    def heartbeat(self, claim: Claim, *, lease_s: float) -> bool:
        """See RunStore."""
        row = self._held(claim)
        run = row.run.replace(lease_until=self._now(after=lease_s))
        self._rows[run.id] = replace(row, run=run, lease_until=self._clock() + lease_s)
        return row.cancel_requested

    def append_log(self, claim: Claim, *, seq: int, text: str) -> None:
        """See RunStore."""
        self._held(claim)
        chunk = LogChunk(claim_no=claim.claim_no, seq=seq, text=text.replace("\0", "\ufffd"))
        self._history[claim.run_id].logs.setdefault((claim.claim_no, seq), chunk)

    def finish(self, claim: Claim, outcome: Outcome) -> Run:
        """See RunStore."""
        if outcome.result is not None:
            checked_document(outcome.result, what=f"result of run {claim.run_id}")
        found = self._row(claim.run_id).run
        past = self._history[claim.run_id].attempts[-1:]
        if (found.claim_no, found.state) == (claim.claim_no, outcome.state) and past:
            return found
        row = self._held(claim)
        run = row.run.replace(
            state=outcome.state,
            result=outcome.result,
            error=outcome.failure,
            lease_until=None,
            finished_at=self._now(),
        )
        return self._end(row, run, outcome=outcome.state, error=outcome.failure)

    def release(self, claim: Claim) -> Run:
        """See RunStore."""
        row = self._held(claim)
        run = _pending(row.run).replace(attempt=row.run.attempt - 1)
        return self._end(row, run, outcome="released", error=None)

    def held_on(self, host: str) -> tuple[Held, ...]:
        """See RunStore."""
        return tuple(
            Held(run_id=row.run.id, claim_no=row.run.claim_no, owner=row.owner)
            for row in self._rows.values()
            if row.run.state == "running" and row.owner is not None and row.owner.host == host
        )

    def reap(self, gone: Collection[Held] = ()) -> tuple[Run, ...]:
        """See RunStore."""
        known = {(held.run_id, held.claim_no) for held in gone}
        return tuple(
            self._lose(row, expired=row.lease_until < self._clock())
            for row in tuple(self._rows.values())
            if row.run.state == "running"
            and (row.lease_until < self._clock() or (row.run.id, row.run.claim_no) in known)
        )

    def cancel(self, run_id: int) -> Run:
        """See RunStore."""
        row = self._row(run_id)
        if row.run.state == "running":
            self._rows[run_id] = replace(row, cancel_requested=True)
            return row.run
        if row.run.state != "pending":
            raise RunRefused(
                f"run {run_id} is over ({row.run.state}); only a live run can be cancelled"
            )
        error = RunFailure(kind="cancelled", message="cancelled before it started", exit_code=None)
        run = row.run.replace(state="cancelled", error=error, finished_at=self._now())
        return self._move(replace(row, run=run))

    def retry(self, run_id: int) -> Run:
        """See RunStore."""
        row = self._row(run_id)
        if "pending" not in TRANSITIONS[row.run.state] or row.run.state == "running":
            raise RunRefused(
                f"run {run_id} is {row.run.state}; only a run that went wrong can be retried"
            )
        if row.run.unique_key is not None and self._live(row.run.unique_key):
            raise RunRefused(f"run {run_id} can't be retried: a live run has the same unique key")
        most = max(row.run.max_attempts, row.run.attempt + 1)
        run = _pending(row.run).replace(max_attempts=most)
        return self._move(replace(row, run=run, run_after=self._clock()))

    def show(self, run_id: int) -> Run:
        """See RunStore."""
        return self._row(run_id).run

    def list(
        self, *, state: RunState | None = None, kind: str | None = None, limit: int = 100
    ) -> tuple[Run, ...]:
        """See RunStore."""
        newest = (row.run for row in reversed(self._rows.values()))
        wanted = (run for run in newest if state in (None, run.state) and kind in (None, run.kind))
        return tuple(wanted)[:limit]

    def logs(self, run_id: int, *, after: tuple[int, int] = (0, -1)) -> tuple[LogChunk, ...]:
        """See RunStore."""
        self._row(run_id)
        chunks = self._history[run_id].logs
        return tuple(chunks[place] for place in sorted(chunks) if place > after)

    def events(self, run_id: int) -> tuple[RunEvent, ...]:
        """See RunStore."""
        self._row(run_id)
        return tuple(self._history[run_id].events)

    def attempts(self, run_id: int) -> tuple[Attempt, ...]:
        """See RunStore."""
        self._row(run_id)
        return tuple(self._history[run_id].attempts)

    def counts(self) -> dict[RunState, int]:
        """See RunStore."""
        return dict(sorted(Counter(row.run.state for row in self._rows.values()).items()))

    def wait(self, timeout_s: float) -> None:
        """See RunStore; nobody else can enqueue here, so it returns at once."""

    def close(self) -> None:
        """See RunStore."""

    def _lose(self, row: _Row, *, expired: bool) -> Run:
        run = row.run
        how = f"the lease of worker {run.worker} ran out"
        if not expired:
            how = f"its worker {run.worker} is gone"
        reason = f"attempt {run.attempt} of {run.max_attempts} was lost: {how}"
        lost = RunFailure(kind="lost", message=reason, exit_code=None)
        ended = {"lease_until": None, "finished_at": self._now()}
        if row.cancel_requested:
            error = RunFailure(kind="cancelled", message=reason, exit_code=None)
            after = run.replace(state="cancelled", error=error, **ended)
        elif run.attempt < run.max_attempts:
            after = _pending(run)
        else:
            after = run.replace(state="dead", error=lost, **ended)
        return self._end(row, after, outcome="lost", error=lost)

    def _end(self, row: _Row, run: Run, *, outcome: AttemptEnd, error: RunFailure | None) -> Run:
        before = row.run
        attempt = Attempt(
            claim_no=before.claim_no,
            worker=before.worker or "",
            started_at=before.started_at or "",
            ended_at=self._now(),
            outcome=outcome,
            error=error,
        )
        self._history[run.id].attempts.append(attempt)
        return self._move(replace(row, run=run, owner=None, cancel_requested=False))

    def _move(self, row: _Row) -> Run:
        self._note(self._rows[row.run.id].run.state, row.run)
        self._rows[row.run.id] = row
        return row.run

    def _note(self, before: RunState | None, run: Run) -> None:
        if before is not None and run.state not in TRANSITIONS[before]:
            raise RunRefused(f"run {run.id}: there is no transition from {before} to {run.state}")
        event = RunEvent(
            at=self._now(), from_state=before, to_state=run.state, claim_no=run.claim_no
        )
        self._history[run.id].events.append(event)

    def _held(self, claim: Claim) -> _Row:
        row = self._row(claim.run_id)
        if row.run.state != "running" or row.run.claim_no != claim.claim_no:
            raise StaleClaim(run_id=claim.run_id, claim_no=claim.claim_no)
        return row

    def _row(self, run_id: int) -> _Row:
        if run_id not in self._rows:
            raise UnknownRun(run_id)
        return self._rows[run_id]

    def _live(self, unique_key: str) -> Run | None:
        runs = (row.run for row in self._rows.values())
        return next((r for r in runs if r.unique_key == unique_key and r.state in LIVE), None)

    def _now(self, *, after: float = 0.0) -> Instant:
        moment = datetime.fromtimestamp(self._clock() + after, tz=UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _pending(run: Run) -> Run:
    return run.replace(
        state="pending",
        lease_until=None,
        worker=None,
        started_at=None,
        finished_at=None,
        error=None,
        result=None,
    )
