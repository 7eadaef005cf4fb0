"""Reports of file checks."""

from __future__ import annotations

import pytest

from tracemill_gate.fault import FileFault, Report, joined

FAULT = FileFault(where="a.md:3", message="no")


def test_zero_things_checked_is_not_green() -> None:
    assert not Report(checked=0, faults=()).green
    assert Report(checked=1, faults=()).green
    assert not Report(checked=1, faults=(FAULT,)).green


PLACES = [
    (3, ("a.md:3", "a.md:4", "a.md"), 1),
    (3, ("a.md:3", "b.md:3"), 2),
    (1, ("a.md", "b.md"), 1),
    (5, (), 0),
]


@pytest.mark.parametrize(("checked", "places", "failed"), PLACES)
def test_what_failed_are_the_files_at_fault_never_more_than_were_checked(
    checked: int, places: tuple[str, ...], failed: int
) -> None:
    faults = tuple(FileFault(where=place, message="no") for place in places)
    assert Report(checked=checked, faults=faults).summary == f"checked: {checked}, failed: {failed}"


def test_joined_reports_add_up() -> None:
    whole = joined((Report(checked=2, faults=(FAULT,)), Report(checked=3, faults=())))
    assert whole == Report(checked=5, faults=(FAULT,))
    assert str(whole.faults[0]) == "a.md:3: no"
