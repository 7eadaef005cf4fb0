"""The prose of a spec."""

from __future__ import annotations

import pytest

from tracemill_gate.planning.markdown import lines_of
from tracemill_gate.planning.prose import Prose, Section, render, sections_of, title_faults

GOOD = """
# 0007: Leases

## Why

Runs were lost.

## Decision

### Also

```
## no heading
```

## Rejected

Nothing.
"""


def prose(text: str) -> Prose:
    """Return prose that stands behind ten lines of front matter."""
    return Prose(lines=lines_of(text), start=10, name="x.md")


def faults(text: str) -> list[str]:
    """Return what is wrong with prose under the heading of GOOD."""
    found = prose(text)
    return [str(f) for f in (*title_faults(found, "0007: Leases"), *sections_of(found)[1])]


def test_sections_are_read_and_written() -> None:
    sections, wrong = sections_of(prose(GOOD))
    assert wrong == []
    assert sections == (
        Section(name="Why", text="Runs were lost."),
        Section(name="Decision", text="### Also\n\n```\n## no heading\n```"),
        Section(name="Rejected", text="Nothing."),
    )
    assert render("0007: Leases", sections) == GOOD
    assert faults(GOOD) == []


KNOWN = "Why, Decision, Rejected, Notes"
FAULTY = [
    ("## Why", "## What", [f"x.md:14: wanted one of the headings {KNOWN}, got 'What'"]),
    (
        "## Why",
        "## Rejected",
        [
            "x.md:26: a second section 'Rejected'",
            "x.md:18: the section 'Decision' stands before 'Rejected', not after it",
        ],
    ),
    ("Nothing.", "", ["x.md:26: the section 'Rejected' is empty"]),
    ("## Rejected\n\nNothing.\n", "", ["x.md:25: wanted a section ## Rejected, got none"]),
    ("Nothing.", "```\nNothing.", ["x.md:28: fenced code that is never closed"]),
    ("# 0007: Leases", "", ["x.md:11: wanted the heading '# 0007: Leases', got none"]),
    (
        "# 0007: Leases",
        "# 0007: Leases #",
        ["x.md:12: wanted '# 0007: Leases' once, before the sections, got '# 0007: Leases #'"],
    ),
    (
        "Nothing.",
        "Nothing.\n\n# 0007: Leases",
        ["x.md:30: wanted '# 0007: Leases' once, before the sections, got '# 0007: Leases'"],
    ),
    (
        "# 0007: Leases",
        "# 0007: Leases\n\nlost",
        ["x.md:14: wanted text only under ## headings, got 'lost'"],
    ),
    (
        "# 0007: Leases",
        "lost\n# 0007: Leases",
        ["x.md:12: wanted text only under ## headings, got 'lost'"],
    ),
]


@pytest.mark.parametrize(("old", "new", "messages"), FAULTY)
def test_every_fault_has_its_line(old: str, new: str, messages: list[str]) -> None:
    assert old in GOOD
    assert faults(GOOD.replace(old, new, 1)) == messages


def test_a_heading_behind_the_sections_is_a_fault() -> None:
    text = GOOD.replace("# 0007: Leases\n", "", 1) + "\n# 0007: Leases\n"
    assert faults(text) == [
        "x.md:29: wanted '# 0007: Leases' once, before the sections, got '# 0007: Leases'"
    ]
