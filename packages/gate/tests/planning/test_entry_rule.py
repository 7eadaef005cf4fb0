"""Rules about current.md against the specs; the linter's own test holds what is not here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.planning import entry_rule
from tracemill_gate.planning.plan import Plan, read_plan

SpecText = Callable[..., str]
Listed = Callable[..., str]
FIRST = (1, "First", "done", "0001-first.md")
SECOND = (2, "Second", "approved", "0002-second.md")


@pytest.fixture
def plan_of(root: Path, listed: Listed) -> Callable[..., Plan]:
    """Return a function that writes lines of Specd and reads the plan."""

    def make(*lines: tuple[int, str, str, str]) -> Plan:
        (root / "current.md").write_text(listed(*lines))
        return read_plan(root)

    return make


def test_a_spec_has_exactly_one_line(plan_of: Callable[..., Plan]) -> None:
    assert list(entry_rule.has_one_line(plan_of(FIRST, SECOND))) == []
    assert [str(fault) for fault in entry_rule.has_one_line(plan_of(FIRST, FIRST))] == [
        "specs/0001-first.md:2: wanted one line in current.md under Specd, got 2",
        "specs/0002-second.md:2: wanted one line in current.md under Specd, got 0",
    ]


def test_a_line_that_is_at_fault_itself_counts(root: Path, plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(FIRST, (2, "Second", "ready", "0002-second.md"))
    assert len(plan.unreadable) == 1
    assert list(entry_rule.has_one_line(plan)) == []


def test_without_current_md_lines_are_not_missed(root: Path) -> None:
    (root / "current.md").unlink()
    assert list(entry_rule.has_one_line(read_plan(root))) == []


@pytest.mark.parametrize("status", ["approved", "in-progress", "done"])
def test_what_is_worked_on_was_approved(
    root: Path, plan_of: Callable[..., Plan], spec_text: SpecText, status: str
) -> None:
    (root / "specs/0002-second.md").write_text(spec_text(2, "Second"))
    for free in ("specd", "withdrawn"):
        plan = plan_of(FIRST, (2, "Second", free, "0002-second.md"))
        assert list(entry_rule.is_approved(plan)) == []
    plan = plan_of(FIRST, (2, "Second", status, "0002-second.md"))
    assert [fault.message for fault in entry_rule.is_approved(plan)] == [
        f"0002 is {status} without an approval; run: tracemill spec approve 2"
    ]


def test_what_was_approved_says_so(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(FIRST, (2, "Second", "specd", "0002-second.md"))
    assert [fault.message for fault in entry_rule.is_approved(plan)] == [
        "0002 has an approval, but its status is specd; run again: tracemill spec approve 2"
    ]


def test_an_item_and_a_candidate_are_left_behind(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(
        (1, "LONGER  runs", "withdrawn", "0001-first.md"),
        (2, "sleep less", "done", "0002-second.md"),
    )
    assert [str(fault) for fault in entry_rule.is_left_behind(plan)] == [
        "current.md:13: the item 'Longer runs' became 0001; take it out of Brainstormed",
        "current.md:21: the candidate 'Sleep less' became 0002; take it out of Brainstormed",
    ]


TURNS = [
    ("depends_on", "approved", "in-progress", ""),
    (
        "depends_on",
        "in-progress",
        "done",
        "0003 is done, but depends on 0002, which is in-progress",
    ),
    ("blocked_by", "specd", "approved", ""),
    (
        "blocked_by",
        "approved",
        "in-progress",
        "0003 is in-progress, but is blocked by 0002, which is approved",
    ),
    ("blocked_by", "done", "in-progress", ""),
    ("blocked_by", "withdrawn", "done", ""),
    ("parallelizable_with", "approved", "done", ""),
]


@pytest.mark.parametrize("turn", TURNS, ids=" ".join)
def test_nothing_is_begun_while_it_is_blocked(
    root: Path, plan_of: Callable[..., Plan], spec_text: SpecText, turn: tuple[str, str, str, str]
) -> None:
    relation, earlier, later, message = turn
    (root / "specs/0003-third.md").write_text(spec_text(3, "Third", **{relation: [2]}))
    second = (2, "Second", earlier, "0002-second.md")
    plan = plan_of(FIRST, second, (3, "Third", later, "0003-third.md"))
    found = [fault.message for fault in entry_rule.waits_its_turn(plan)]
    assert found == ([message] if message else [])
