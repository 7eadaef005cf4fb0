"""What many commands share."""

from __future__ import annotations

import pytest

from tracemill_gate.command.option import now, tell, today
from tracemill_gate.errors import GateRed
from tracemill_gate.fault import Report


def test_the_clock_gives_an_instant() -> None:
    assert now().endswith("Z")
    assert len(now()) == 20


def test_a_report_of_nothing_is_red(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(GateRed, match="specs: nothing was checked"):
        tell(Report(checked=0, faults=()), as_json=False, what="specs")
    assert capsys.readouterr().out == "checked: 0, failed: 0\n"


def test_today_is_a_date_in_utc() -> None:
    assert now()[:10] <= today().isoformat() <= now()[:10]
