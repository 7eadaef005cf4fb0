"""A spec goes on, along the drawn transitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage, SpecFaults
from tracemill_gate.planning.lint import lint
from tracemill_gate.planning.plan import read_plan
from tracemill_gate.planning.progress import set_status

DAY = date(2026, 3, 15)
SpecText = Callable[..., str]
Listed = Callable[..., str]


def test_an_approved_spec_is_begun_and_done(root: Path) -> None:
    assert set_status(root, 2, "in-progress", day=DAY).status == "approved"
    assert set_status(root, 2, "done", day=date(2027, 1, 1)).status == "in-progress"
    assert read_plan(root).status == {1: "done", 2: "done"}
    assert lint(root, day=date(2027, 1, 1)).green


APPROVE = "tracemill spec approve 2 --by WHO --signal WORDS --expires-on YYYY-MM-DD"
REFUSED = [
    ("approved", "done", "0002 is approved; wanted in-progress or withdrawn; got done"),
    ("approved", "approved", f"a spec is approved by: {APPROVE}"),
    (
        "specd",
        "in-progress",
        f"0002 is specd; wanted withdrawn, or first: {APPROVE}; got in-progress",
    ),
    ("done", "withdrawn", "0002 is done, which is where it ends; got withdrawn"),
]


@pytest.mark.parametrize(("before", "after", "message"), REFUSED)
def test_no_other_way_is_open(root: Path, before: str, after: str, message: str) -> None:
    path = root / "current.md"
    path.write_text(path.read_text().replace("second.md): approved", f"second.md): {before}"))
    text = path.read_text()
    with pytest.raises(GateUsage) as caught:
        set_status(root, 2, after, day=DAY)
    assert str(caught.value) == message
    assert path.read_text() == text


def test_nothing_is_begun_on_an_expired_approval(root: Path) -> None:
    with pytest.raises(SpecFaults) as caught:
        set_status(root, 2, "in-progress", day=date(2026, 4, 2))
    message = "the approval expired on 2026-04-01; have it approved again"
    assert str(caught.value) == f"specs/0002-second.md:30: {message}"
    assert read_plan(root).status[2] == "approved"


def test_nothing_is_withdrawn_that_a_live_spec_leads_to(
    root: Path, spec_text: SpecText, listed: Listed
) -> None:
    (root / "specs/0003-third.md").write_text(spec_text(3, "Third", depends_on=[2]))
    lines = (
        (1, "First", "done", "0001-first.md"),
        (2, "Second", "approved", "0002-second.md"),
        (3, "Third", "specd", "0003-third.md"),
    )
    (root / "current.md").write_text(listed(*lines))
    with pytest.raises(SpecFaults) as caught:
        set_status(root, 2, "withdrawn", day=DAY)
    message = "specs/0003-third.md:21: depends_on names 0002, which is withdrawn"
    assert str(caught.value) == message
    set_status(root, 3, "withdrawn", day=DAY)
    set_status(root, 2, "withdrawn", day=DAY)
    assert lint(root, day=DAY).green
