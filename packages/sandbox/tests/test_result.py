from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from tracemill_sandbox.pool import SandboxPool
from tracemill_sandbox.request import RunRequest


def test_facts_are_measured_and_nothing_can_be_changed_afterwards(pool: SandboxPool) -> None:
    result = pool.run(RunRequest(code="x = sum(range(200_000))", outputs=("x",)))
    assert result.ok
    assert len(result.run_id) == 32
    assert result.facts.exit_code == 0
    assert result.facts.cpu_seconds > 0
    assert result.facts.peak_memory_bytes > 1 << 20
    with pytest.raises(FrozenInstanceError):
        result.status = "error"  # type: ignore[misc]  # the point of the test


def test_an_output_that_was_never_bound_is_none(pool: SandboxPool) -> None:
    result = pool.run(RunRequest(code="y = 1", outputs=("x",)))
    assert result.output("x") is None
    assert result.claims.outputs == {}
