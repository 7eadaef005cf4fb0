from __future__ import annotations

from dataclasses import replace

from tracemill_sandbox.dispatch.lease import Turn
from tracemill_sandbox.dispatch.outcome import stamped, without_run


def test_a_result_gets_the_wait_and_the_attempts_and_nothing_else() -> None:
    plain = without_run(backend="fake", status="infra_error", reason="lost twice")
    result = stamped(plain, Turn(waited=1.5, attempts=2))
    assert (result.facts.queue_seconds, result.facts.attempts) == (1.5, 2)
    assert replace(result, facts=plain.facts) == plain


def test_the_result_of_what_never_ran_claims_nothing() -> None:
    result = without_run(backend="fake", status="cancelled", reason="stopped")
    assert (result.status, result.reason, result.backend) == ("cancelled", "stopped", "fake")
    assert (result.tier, result.worker_id, len(result.run_id)) == ("none", "", 32)
    assert (result.facts.exit_code, result.facts.signal, result.claims.stdout) == (None, None, "")
    assert result.run_id != without_run(backend="", status="cancelled", reason="").run_id
