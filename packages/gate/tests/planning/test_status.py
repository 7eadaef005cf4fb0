"""How a spec may go on."""

from __future__ import annotations

import pytest

from tracemill_gate.planning.status import LIVE, STATUSES, TRANSITIONS, next_of

NEXT = [
    ("specd", ("approved", "withdrawn")),
    ("approved", ("in-progress", "withdrawn")),
    ("in-progress", ("done", "withdrawn")),
    ("done", ()),
    ("withdrawn", ()),
]


@pytest.mark.parametrize(("status", "following"), NEXT)
def test_what_may_follow(status: str, following: tuple[str, ...]) -> None:
    assert next_of(status) == following


def test_only_what_is_live_goes_on() -> None:
    assert {before for before, _ in TRANSITIONS} == set(LIVE)
    assert tuple(status for status, _ in NEXT) == STATUSES
