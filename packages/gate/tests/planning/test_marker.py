"""Lines of Markers."""

from __future__ import annotations

import pytest

from tracemill_gate.planning.bullet import Bullet
from tracemill_gate.planning.marker import FORM, Marker, read, render

GOOD = "src/a.py: TODO: the server\nlacks (yet) a lock (issue 5, 2026-11-20)"


def test_a_line_is_read_and_written() -> None:
    markers, faults = read([Bullet(text=GOOD, line=7)], name="current.md")
    assert faults == []
    assert markers == (
        Marker(
            path="src/a.py",
            word="TODO",
            reason="the server\nlacks (yet) a lock",
            issue=5,
            on="2026-11-20",
            line=7,
        ),
    )
    assert render(markers[0]) == GOOD


@pytest.mark.parametrize(
    "text",
    [
        "src/a.py: XXX: why (issue 5, 2026-11-20)",
        "src/a.py: TODO: why (issue five, 2026-11-20)",
        "src/a.py: TODO: why (issue 5, 2026-02-30)",
        "src/a.py: TODO:  (issue 5, 2026-11-20)",
        "src/a.py: TODO: why",
        "a b.py: TODO: why (issue 5, 2026-11-20)",
    ],
)
def test_a_line_of_another_form_is_a_fault(text: str) -> None:
    markers, faults = read([Bullet(text=text, line=7)], name="current.md")
    assert markers == ()
    assert [str(fault) for fault in faults] == [f"current.md:7: wanted '{FORM}', got '{text}'"]
