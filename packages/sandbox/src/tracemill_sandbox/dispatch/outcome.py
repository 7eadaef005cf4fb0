"""Results that the pool itself has to say something about."""

from __future__ import annotations

import secrets
from dataclasses import replace

from tracemill_sandbox.dispatch.lease import Turn
from tracemill_sandbox.result import Claims, Facts, RunResult, Status


def stamped(result: RunResult, turn: Turn) -> RunResult:
    """Return a worker's result with what only the pool knows: the wait and the attempts."""
    facts = replace(result.facts, queue_seconds=turn.waited, attempts=turn.attempts)
    return replace(result, facts=facts)


def without_run(*, backend: str, status: Status, reason: str) -> RunResult:
    """Return the result of a run that no worker could carry out."""
    nothing = Facts(
        exit_code=None,
        signal=None,
        wall_seconds=0.0,
        cpu_seconds=0.0,
        peak_memory_bytes=0,
        stdout_bytes=0,
        stderr_bytes=0,
        disk_bytes=0,
        kept_bytes=0,
        queue_seconds=0.0,
        attempts=0,
    )
    return RunResult(
        run_id=secrets.token_hex(16),
        worker_id="",
        backend=backend,
        tier="none",
        status=status,
        reason=reason,
        facts=nothing,
        claims=Claims(),
    )
