"""Reading current.md."""

from __future__ import annotations

import pytest

from tracemill_gate.planning.current import Entry, parse

GOOD = """# Current

## Institutional Knowledge

- known

## Beliefs

## Brainstormed

### An idea

## Specd

- [0001: Records](specs/0001-records.md)
- [0002: Bytes: canonical](specs/0002-bytes.md)
"""


def test_the_lines_of_specd_are_read() -> None:
    entries, faults = parse(GOOD, name="current.md")
    assert faults == ()
    assert entries == (
        Entry(number=1, title="Records", file="0001-records.md", line=15),
        Entry(number=2, title="Bytes: canonical", file="0002-bytes.md", line=16),
    )


WANTED = "Institutional Knowledge, Beliefs, Brainstormed, Specd"
ONCE = f"wanted the sections {WANTED}, each once in this order"
FORM = "wanted '- [NNNN: TITLE](specs/NNNN-slug.md)'"
FAULTY = [
    (
        "## Beliefs",
        "## Opinions",
        [
            f"current.md:7: wanted only the sections {WANTED}, got 'Opinions'",
            f"current.md:16: {ONCE}, got Institutional Knowledge, Brainstormed, Specd",
        ],
    ),
    (
        "## Beliefs",
        "## Specd",
        [
            f"current.md:16: {ONCE}, got Institutional Knowledge, Specd, Brainstormed, Specd",
        ],
    ),
    (
        "- [0001: Records]",
        "- [1: Records]",
        [
            f"current.md:15: {FORM}, got '- [1: Records](specs/0001-records.md)'",
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "messages"), FAULTY)
def test_faults_are_named_with_their_line(old: str, new: str, messages: list[str]) -> None:
    _, faults = parse(GOOD.replace(old, new, 1), name="current.md")
    assert [str(fault) for fault in faults] == messages


def test_an_empty_file_is_a_fault() -> None:
    assert str(parse("", name="current.md")[1][0]) == f"current.md:1: {ONCE}, got none"
