"""How a pool looks after its workers: intervals, bounds, and the chance in its waits."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tracemill_sandbox.lifecycle.breaker import Backoff
from tracemill_sandbox.request import MIB


@dataclass(frozen=True, kw_only=True)
class Upkeep:
    """The rules by which workers are started, watched and replaced.

    Attributes:
        start_seconds: Longest start of a worker, its self-test included.
        ping_every: Seconds between two looks at an idle worker.
        answer_seconds: Longest answer to a ping or a probe.
        allowance_seconds: What the host grants beyond a run's wall limit before it gives the worker
            up: the worker ends the run long before, so this only ever meets a worker that hangs.
        call_off_seconds: Longest that a worker may take to end a run that was given up.
        most_runs: Runs after which a worker is replaced.
        most_age_seconds: Age at which it is replaced.
        most_new_descriptors: Descriptors beyond those of its start at which it is replaced.
        most_new_memory_bytes: Memory beyond that of its start at which it is replaced.
        backoff: Waits between failed starts.
        most_start_failures: Failed starts in a row that open the breaker.
        open_seconds: How long no start is tried then.
        draw: Gives random numbers, at least 0 and below 1, for the jitter.
    """

    start_seconds: float = 60.0
    ping_every: float = 5.0
    answer_seconds: float = 10.0
    allowance_seconds: float = 30.0
    call_off_seconds: float = 5.0
    most_runs: int = 10_000
    most_age_seconds: float = 6 * 3600.0
    most_new_descriptors: int = 16
    most_new_memory_bytes: int = 64 * MIB
    backoff: Backoff = field(default_factory=Backoff)
    most_start_failures: int = 5
    open_seconds: float = 30.0
    draw: Callable[[], float] = random.random
