"""Items of Brainstormed: exactly five fields."""

from __future__ import annotations

import pytest

from tracemill_gate.planning.brainstorm import Item, read, render

GOOD = """### Longer runs

- status: open
- readiness: mid-spec
- known: they end
  too early
- missing: why
- candidates:
  - Leases survive
    a restart
  - Sleep, less
"""
ITEM = Item(
    title="Longer runs",
    status="open",
    readiness="mid-spec",
    known="they end\ntoo early",
    missing="why",
    candidates=("Leases survive\na restart", "Sleep, less"),
    line=1,
)


def parsed(text: str) -> tuple[Item, list[str]]:
    """Read an item whose heading is the first line of a file."""
    lines = text.splitlines()
    body = list(enumerate(lines, start=1))[1:]
    item, faults = read(lines[0].removeprefix("###").strip(), 1, body, name="x.md")
    return item, [str(fault) for fault in faults]


def test_an_item_is_read_and_written() -> None:
    assert parsed(GOOD) == (ITEM, [])
    assert render(ITEM) == GOOD
    assert ITEM.titles == ("Longer runs", "Leases survive\na restart", "Sleep, less")


def test_an_item_without_candidates() -> None:
    text = GOOD[: GOOD.index("- candidates")] + "- candidates: none\n"
    item, faults = parsed(text)
    assert (item.candidates, faults) == ((), [])
    assert render(item) == text


FIELDS = "status, readiness, known, missing, candidates"
BULLET = "wanted '- TEXT', or its next line indented by two, got"
FAULTY = [
    (
        "- status: open",
        "- status: begun",
        ["x.md:3: wanted status: one of open, parked, in-progress, got 'begun'"],
    ),
    (
        "mid-spec",
        "soon",
        ["x.md:4: wanted readiness: one of early, mid-spec, near-spec, got 'soon'"],
    ),
    ("- missing: why", "- missing:", ["x.md:7: the field 'missing' is empty"]),
    ("- missing: why\n", "", ["x.md:1: wanted the field 'missing', got none"]),
    (
        "- missing: why",
        "- owner: me",
        [
            f"x.md:7: wanted one of the fields {FIELDS}, got 'owner'",
            "x.md:1: wanted the field 'missing', got none",
        ],
    ),
    ("- missing: why", "- missing: why\n- missing: how", ["x.md:8: a second field 'missing'"]),
    (
        "- status: open\n- readiness: mid-spec",
        "- readiness: mid-spec\n- status: open",
        ["x.md:3: the field 'readiness' stands before 'status', not after it"],
    ),
    (
        "- missing: why",
        "- missing: why\n- just text",
        [f"x.md:8: wanted one of the fields {FIELDS}, got 'just text'"],
    ),
    (
        "- candidates:\n",
        "- candidates: one, two\n",
        ["x.md:8: wanted candidates as bullets below the field, or 'none', got 'one, two'"],
    ),
    ("  - Sleep, less", "  Sleep, less", [f"x.md:11: {BULLET} 'Sleep, less'"]),
    (
        "- status: open",
        "status: open",
        [f"x.md:3: {BULLET} 'status: open'", "x.md:1: wanted the field 'status', got none"],
    ),
    ("### Longer runs", "### ", ["x.md:1: wanted '### TITLE', got no title"]),
]


@pytest.mark.parametrize(("old", "new", "messages"), FAULTY)
def test_every_fault_has_its_line(old: str, new: str, messages: list[str]) -> None:
    assert old in GOOD
    assert parsed(GOOD.replace(old, new, 1))[1] == messages


def test_a_bullet_that_is_no_candidate_has_its_line() -> None:
    text = GOOD.replace("  - Leases survive", "  - one\n  text at the side")
    assert parsed(text)[1] == [
        f"x.md:10: {BULLET} 'text at the side'",
        f"x.md:11: {BULLET} '  a restart'",
    ]


def test_what_can_be_read_of_a_faulty_item_is_kept() -> None:
    item, faults = parsed(GOOD.replace("- missing: why", "- owner: me"))
    assert (item.title, item.missing, item.candidates) == (ITEM.title, "", ITEM.candidates)
    assert len(faults) == 2
