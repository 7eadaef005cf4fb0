"""What many commands share."""

from __future__ import annotations

import pytest

from tracemill_gate.clock import now
from tracemill_gate.command.option import tell, today
from tracemill_gate.errors import GateRed
from tracemill_gate.fault import FileFault, Report


def test_a_report_of_nothing_is_red(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(GateRed, match="specs: nothing was checked"):
        tell(Report(checked=0, faults=()), as_json=False, what="specs")
    assert capsys.readouterr().out == "checked: 0, failed: 0\n"


def test_today_is_a_date_in_utc() -> None:
    assert now()[:10] <= today().isoformat() <= now()[:10]


@pytest.mark.parametrize(("count", "message"), [(1, "1 fault found"), (2, "2 faults found")])
def test_faults_are_counted_in_words(count: int, message: str) -> None:
    faults = (FileFault(where="a.md:3", message="no"),) * count
    with pytest.raises(GateRed, match=f"^specs: {message}$"):
        tell(Report(checked=1, faults=faults), as_json=False, what="specs")
