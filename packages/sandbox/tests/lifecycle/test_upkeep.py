from __future__ import annotations

from tracemill_sandbox.lifecycle.upkeep import Upkeep


def test_the_rules_hold_together() -> None:
    rules = Upkeep()
    assert 0.0 <= rules.draw() < 1.0
    # A silent worker is found out before the host gives its run up.
    assert rules.ping_every + rules.answer_seconds < rules.allowance_seconds
    # While the breaker is open no back-off is longer.
    assert rules.backoff.most_seconds <= rules.open_seconds
