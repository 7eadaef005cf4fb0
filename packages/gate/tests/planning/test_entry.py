"""Lines of Specd."""

from __future__ import annotations

import pytest

from tracemill_gate.planning.bullet import Bullet
from tracemill_gate.planning.entry import FORM, Entry, read, render

FIRST = "[0001: Bytes: [canonical] (all)](specs/0001-bytes.md): in-progress"
SECOND = "[0002: X](specs/0002-x.md): done"


def test_lines_are_read_and_written() -> None:
    entries, faults = read(
        [Bullet(text=FIRST, line=8), Bullet(text=SECOND, line=9)], name="current.md"
    )
    assert faults == []
    first = Entry(
        number=1,
        title="Bytes: [canonical] (all)",
        file="0001-bytes.md",
        status="in-progress",
        line=8,
    )
    assert entries[0] == first
    assert (entries[0].line, entries[1].line) == (8, 9)
    assert [render(entry) for entry in entries] == [FIRST, SECOND]
    assert first.heading == "0001: Bytes: [canonical] (all)"


STATUSES = "specd, approved, in-progress, done, withdrawn"
FAULTY = [
    (SECOND.replace("done", "ready"), f"wanted a status of {STATUSES}, got 'ready'"),
    (SECOND.replace(": done", ""), f"wanted '{FORM}', got '[0002: X](specs/0002-x.md)'"),
    (SECOND.replace("0002:", "2:"), f"wanted '{FORM}', got '[2: X](specs/0002-x.md): done'"),
    (SECOND.replace("specs/", "docs/"), f"wanted '{FORM}', got '[0002: X](docs/0002-x.md): done'"),
    (SECOND.replace("X", "X\nY"), f"wanted '{FORM}', got '[0002: X\\nY](specs/0002-x.md): done'"),
    (SECOND.replace("X", " X"), f"wanted '{FORM}', got '[0002:  X](specs/0002-x.md): done'"),
]


@pytest.mark.parametrize(("text", "message"), FAULTY)
def test_a_line_of_another_form_is_a_fault(text: str, message: str) -> None:
    entries, faults = read([Bullet(text=text, line=9)], name="current.md")
    assert entries == ()
    assert [str(fault) for fault in faults] == [f"current.md:9: {message}"]


def test_lines_stand_by_number() -> None:
    _, faults = read([Bullet(text=SECOND, line=8), Bullet(text=FIRST, line=9)], name="current.md")
    assert [str(fault) for fault in faults] == [
        "current.md:9: 0001 stands after 0002, not before it"
    ]
