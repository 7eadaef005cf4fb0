"""What a store of runs can do; ``postgres.py`` and ``memory.py`` do it, one test suite holds both.

A claim is a lease on a run. Its ``claim_no`` is the fencing token: every write of a worker carries
it, and the store refuses it whole once the run was taken over. Times are the store's own clock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from tracemill_schema.canonical import JsonObject, canonical_bytes
from tracemill_schema.record import Instant
from tracemill_schema.run import TRANSITIONS, Run, RunFailure, RunState
from tracemill_worker.errors import RunRefused, TooLarge
from tracemill_worker.process import Owner

MAX_DOCUMENT_BYTES = 1024 * 1024
"""Of a config or a result: it is read whole at each claim; data belong into the workspace."""
DEFAULT_ATTEMPTS = 3
AttemptEnd = Literal["succeeded", "failed", "cancelled", "lost", "released"]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A run that this worker holds, until its lease runs out.

    Attributes:
        run: The run as it was claimed.
        time_limit_s: Seconds that one attempt may take; None for no limit.
        workspace: Absolute folder that the paths in the config are relative to; None for the
            worker's own.
    """

    run: Run
    time_limit_s: float | None
    workspace: str | None = None

    @property
    def run_id(self) -> int:
        """Id of the run."""
        return self.run.id

    @property
    def claim_no(self) -> int:
        """The fencing token."""
        return self.run.claim_no


@dataclass(frozen=True, kw_only=True)
class Held:
    """A claim that stands in the store, and the process that holds it."""

    run_id: int
    claim_no: int
    owner: Owner


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an attempt ended: exactly one of ``result`` and ``failure`` is set."""

    result: JsonObject | None
    failure: RunFailure | None

    @property
    def state(self) -> Literal["succeeded", "failed", "cancelled"]:
        """The state that the run takes."""
        if self.failure is None:
            return "succeeded"
        return "cancelled" if self.failure.kind == "cancelled" else "failed"


@dataclass(frozen=True, kw_only=True)
class LogChunk:
    """Some lines that a run printed; chunks are ordered by (claim_no, seq)."""

    claim_no: int
    seq: int
    text: str


@dataclass(frozen=True, kw_only=True)
class RunEvent:
    """One transition of a run; ``from_state`` is None when it was enqueued."""

    at: Instant
    from_state: RunState | None
    to_state: RunState
    claim_no: int


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt that has ended."""

    claim_no: int
    worker: str
    started_at: Instant
    ended_at: Instant
    outcome: AttemptEnd
    error: RunFailure | None


class RunStore(Protocol):
    """Keeps runs. Every method may raise StoreUnavailable; those of a claim raise StaleClaim."""

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
        """Add a pending run, or return the live run (pending, running) that has this unique key.

        ``workspace`` is the absolute folder that the paths in ``config`` are relative to, whoever
        works on the run; without one it is that of the worker.

        Raises:
            RunRefused: if the workspace is not absolute.
            TooLarge: if the config has more than ``MAX_DOCUMENT_BYTES`` canonical bytes.
            RecordError: if kind or config do not meet run.v1.
        """
        ...

    def claim_pending_run(
        self, *, owner: Owner, lease_s: float, run_id: int | None = None
    ) -> Claim | None:
        """Claim the next pending run (highest priority, then oldest), or that one; None if none."""
        ...

    def heartbeat(self, claim: Claim, *, lease_s: float) -> bool:
        """Extend the lease; return whether somebody asked to cancel the run."""
        ...

    def append_log(self, claim: Claim, *, seq: int, text: str) -> None:
        """Add chunk ``seq`` of this claim's log; the same chunk twice is stored once."""
        ...

    def finish(self, claim: Claim, outcome: Outcome) -> Run:
        """Record how the attempt ended; the same outcome of the same claim twice is fine."""
        ...

    def release(self, claim: Claim) -> Run:
        """Give the run back as pending; the interrupted attempt does not count."""
        ...

    def held_on(self, host: str) -> tuple[Held, ...]:
        """Return the claims that stand whose workers live on ``host``."""
        ...

    def reap(self, gone: Collection[Held] = ()) -> tuple[Run, ...]:
        """End the claims whose lease ran out, and those in ``gone``; return their runs.

        Such a run becomes pending again, dead if no attempts are left, or cancelled if that had
        been asked for.
        """
        ...

    def cancel(self, run_id: int) -> Run:
        """Cancel a pending run, or ask the worker of a running one to.

        Raises:
            UnknownRun, RunRefused: if it is over already.
        """
        ...

    def retry(self, run_id: int) -> Run:
        """Make a failed, dead or cancelled run pending again, with at least one more attempt.

        Raises:
            UnknownRun, RunRefused: if it is not over, succeeded, or its unique key is live again.
        """
        ...

    def show(self, run_id: int) -> Run:
        """Return a run; raises UnknownRun."""
        ...

    def list(
        self, *, state: RunState | None = None, kind: str | None = None, limit: int = 100
    ) -> tuple[Run, ...]:
        """Return the newest runs first, at most ``limit``."""
        ...

    def logs(self, run_id: int, *, after: tuple[int, int] = (0, -1)) -> tuple[LogChunk, ...]:
        """Return the chunks behind (claim_no, seq) ``after``, in order; raises UnknownRun."""
        ...

    def events(self, run_id: int) -> tuple[RunEvent, ...]:
        """Return the transitions of a run in order; raises UnknownRun."""
        ...

    def attempts(self, run_id: int) -> tuple[Attempt, ...]:
        """Return the ended attempts of a run in order; raises UnknownRun."""
        ...

    def counts(self) -> dict[RunState, int]:
        """Return how many runs stand in each state (states without any are left out)."""
        ...

    def wait(self, timeout_s: float) -> None:
        """Return when a run became pending, or after ``timeout_s``; may return early."""
        ...

    def close(self) -> None:
        """Let go of the connection, if any."""
        ...


def state_named(name: str) -> RunState:
    """Return the state of that name.

    Raises:
        RunRefused: if there is none.
    """
    for state in TRANSITIONS:
        if state == name:
            return state
    raise RunRefused(f"state {name!r}: wanted one of {', '.join(TRANSITIONS)}")


def checked_workspace(workspace: str | None, *, kind: str) -> str | None:
    """Return the workspace of a new run.

    Raises:
        RunRefused: if it is not absolute.
    """
    if workspace is not None and not Path(workspace).is_absolute():
        raise RunRefused(
            f"run of kind {kind}: wanted an absolute workspace, got {workspace!r}; "
            "it would mean another folder to each worker"
        )
    return workspace


def new_run(
    *,
    run_id: int,
    kind: str,
    config: JsonObject,
    unique_key: str | None,
    max_attempts: int,
    created_at: Instant,
) -> Run:
    """Return a pending run that nobody has claimed yet.

    Raises:
        TooLarge, RecordError: if the config is too large, or anything does not meet run.v1.
    """
    checked_document(config, what=f"config of a run of kind {kind}")
    values = {
        "id": run_id,
        "kind": kind,
        "config": config,
        "state": "pending",
        "unique_key": unique_key,
        "attempt": 0,
        "max_attempts": max_attempts,
        "claim_no": 0,
        "created_at": created_at,
    }
    empty = ("lease_until", "worker", "started_at", "finished_at", "error", "result")
    return Run.from_values(values | dict.fromkeys(empty), where=f"new run of kind {kind!r}")


def checked_document(values: JsonObject, *, what: str) -> str:
    """Return the canonical JSON text of a config or result.

    Raises:
        TooLarge: above ``MAX_DOCUMENT_BYTES``.
        RecordError: if it holds what JSON does not have.
    """
    data = canonical_bytes(values)
    if len(data) > MAX_DOCUMENT_BYTES:
        raise TooLarge(
            f"{what}: wanted at most {MAX_DOCUMENT_BYTES} bytes of JSON, got {len(data)}; "
            "write it into a file of the workspace and pass the path"
        )
    return data.decode()
