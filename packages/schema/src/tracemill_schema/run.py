"""run.v1: one unit of queued work, and what a handler of a kind of run is.

The transitions, drawn once; code, SQL and docs hold the same table:

    pending   -> running      claimed
    pending   -> cancelled    cancelled before it started
    running   -> succeeded    the handler returned a result
    running   -> failed       the handler raised, crashed or went over a limit
    running   -> cancelled    cancelled while it ran
    running   -> pending      its lease ran out, attempts are left
    running   -> dead         its lease ran out, no attempts are left
    failed    -> pending      retried
    dead      -> pending      retried
    cancelled -> pending      retried
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import JsonObject, Value
from tracemill_schema.record import Instant, Name, Record

RunState = Literal["pending", "running", "succeeded", "failed", "cancelled", "dead"]

TRANSITIONS: Mapping[RunState, frozenset[RunState]] = {
    "pending": frozenset({"running", "cancelled"}),
    "running": frozenset({"succeeded", "failed", "cancelled", "pending", "dead"}),
    "succeeded": frozenset(),
    "failed": frozenset({"pending"}),
    "dead": frozenset({"pending"}),
    "cancelled": frozenset({"pending"}),
}

RunHandler = Callable[[JsonObject, Path], JsonObject]
"""``handler(config, folder) -> result``, found by the run's kind among the entry points of group
``tracemill.run_handlers``. It runs in a child process of the worker; ``folder`` is the workspace
that all paths in the config are relative to. It must be idempotent: a run may be started again."""

HANDLER_GROUP = "tracemill.run_handlers"


class RunFailure(Record):
    """Why a run did not succeed."""

    kind: Literal["user_error", "crash", "signal", "memory", "limit", "lost", "cancelled"]
    message: str = Field(min_length=1)
    exit_code: int | None = Field(
        description="number that the process ended with, negative for a signal; null if it had none"
    )


class Run(Record):
    """One unit of queued work as it stands in the store."""

    contract: ClassVar[str] = "run.v1"

    id: int = Field(ge=1, description="number of the run in its store")
    kind: Name = Field(description="name of the handler, e.g. dataset, train, evaluate, bundle")
    config: dict[str, Value]
    state: RunState
    unique_key: str | None = Field(description="two live runs never share one")
    attempt: int = Field(ge=0, description="how often it was claimed")
    max_attempts: int = Field(ge=1, description="how often it may be claimed")
    claim_no: int = Field(
        ge=0, description="fencing token, a number that each claim raises: every write carries it"
    )
    lease_until: Instant | None
    worker: str | None
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    error: RunFailure | None
    result: dict[str, Value] | None
