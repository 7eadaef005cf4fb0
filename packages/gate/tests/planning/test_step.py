"""A step of the plan is judged by what it would make wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning.approve import with_status
from tracemill_gate.planning.plan import read_plan
from tracemill_gate.planning.step import Step, faults_of_step, take

DAY = date(2026, 3, 15)
SpecText = Callable[..., str]


def step_to(root: Path, status: str) -> Step:
    """Return the step that gives spec 2 another status."""
    plan = read_plan(root)
    after = plan.replaced(with_status(plan.current, 2, status))
    return Step(before=plan, after=after, file=plan.files["0002-second.md"])


def test_faults_of_its_own_spec_stop_it_however_old(root: Path) -> None:
    path = root / "specs/0002-second.md"
    path.write_text(path.read_text().replace("2026-04-01", "2026-03-02"))
    found = [str(fault) for fault in faults_of_step(step_to(root, "in-progress"), DAY)]
    message = "the approval expired on 2026-03-02; have it approved again"
    assert found == [f"specs/0002-second.md:30: {message}"]


def test_faults_elsewhere_stop_it_only_if_it_makes_them(root: Path) -> None:
    first = root / "specs/0001-first.md"
    first.write_text(first.read_text().replace('user_intent = "x"', 'user_intent = "y"'))
    assert faults_of_step(step_to(root, "in-progress"), DAY) == ()
    first.write_text(first.read_text().replace("depends_on = []", "depends_on = [2]"))
    second = root / "specs/0002-second.md"
    second.write_text(second.read_text().replace("depends_on = [1]", "depends_on = []"))
    found = [fault.message for fault in faults_of_step(step_to(root, "withdrawn"), DAY)]
    assert [message.partition(":")[0] for message in found] == ["the approval is void"]


def test_what_cannot_be_read_would_be_lost(root: Path) -> None:
    path = root / "current.md"
    path.write_text(path.read_text() + "lost\n")
    text = path.read_text()
    with pytest.raises(SpecFaults, match="^current.md:27: wanted '- TEXT'"):
        take(step_to(root, "in-progress"), day=DAY)
    assert path.read_text() == text


def test_a_step_is_written_whole(root: Path) -> None:
    (root / ".current.md.abcdefgh").write_text("of a killed command")
    take(step_to(root, "in-progress"), day=DAY)
    assert (root / "current.md").read_text().endswith("0002-second.md): in-progress\n")
    assert sorted(path.name for path in root.iterdir()) == ["current.md", "specs"]
