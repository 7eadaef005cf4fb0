"""Reports of file checks."""

from __future__ import annotations

from tracemill_gate.fault import FileFault, Report, joined

FAULT = FileFault(where="a.md:3", message="no")


def test_zero_things_checked_is_not_green() -> None:
    assert not Report(checked=0, faults=()).green
    assert Report(checked=1, faults=()).green
    assert not Report(checked=1, faults=(FAULT,)).green


def test_the_summary_never_fails_more_than_it_checked() -> None:
    assert Report(checked=1, faults=(FAULT, FAULT)).summary == "checked: 1, failed: 1"


def test_joined_reports_add_up() -> None:
    whole = joined((Report(checked=2, faults=(FAULT,)), Report(checked=3, faults=())))
    assert whole == Report(checked=5, faults=(FAULT,))
    assert str(whole.faults[0]) == "a.md:3: no"
