"""The gate, whole, on a scratch repository."""

from __future__ import annotations

import dataclasses
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import ConfigFault, GateUsage
from tracemill_gate.evidence.check import Check
from tracemill_gate.evidence.dependency import Dependency
from tracemill_gate.evidence.recorder import record
from tracemill_gate.evidence.store import evidence_path
from tracemill_gate.gate import judge_tree, run_tree

Git = Callable[..., str]
THEN = "2026-01-01T00:00:00Z"


def clock() -> str:
    return THEN


def check(gate: str) -> Check:
    command = (sys.executable, "-S", "-c", "pass")
    return Check(gate=gate, command=command, checked_from="files:*.py", allowed_skips={})


REQUIRED = ("lint", "types", "unit")
EXPECTED = {gate: check(gate) for gate in REQUIRED}


def recorded(gated: Path, gate: str) -> None:
    record(gated, check(gate), clock=clock, output=io.BytesIO())


def test_a_tree_is_green_with_all_evidence_and_red_after_any_change(gated: Path) -> None:
    for gate in REQUIRED:
        recorded(gated, gate)
    found = judge_tree(gated, only=(), expected=EXPECTED, clock=clock)
    assert found.green
    assert found.checked == 2 * len(REQUIRED)
    (gated / "new.md").write_text("a line")
    found = judge_tree(gated / "folder", only=(), clock=clock)
    assert [finding.state for finding in found.findings] == ["stale"] * len(REQUIRED)


def test_without_any_evidence_everything_is_missing(gated: Path) -> None:
    found = judge_tree(gated, only=(), expected=EXPECTED, clock=clock)
    assert {finding.state for finding in found.findings} == {"missing"}
    assert evidence_path(gated, "gate").is_file()


def test_a_partial_look_leaves_no_evidence(gated: Path) -> None:
    recorded(gated, "lint")
    assert judge_tree(gated, only=("lint",), clock=clock).green
    assert not evidence_path(gated, "gate").exists()


def test_an_unknown_gate_is_refused(gated: Path) -> None:
    with pytest.raises(GateUsage, match="called 'lnt'; wanted one of: lint, types, unit"):
        judge_tree(gated, only=("lnt",), clock=clock)


def test_a_look_without_expected_checks_leaves_no_evidence(gated: Path) -> None:
    judge_tree(gated, only=(), clock=clock)
    assert not evidence_path(gated, "gate").exists()


def test_every_gate_that_is_looked_at_must_be_expected(gated: Path) -> None:
    some = {"lint": EXPECTED["lint"]}
    with pytest.raises(GateUsage, match="wanted the check of each gate, got none of: types, unit"):
        judge_tree(gated, only=(), expected=some, clock=clock)
    judge_tree(gated, only=("lint",), expected=some, clock=clock)


def test_a_repository_without_settings_is_told_what_to_add(repository: Path) -> None:
    with pytest.raises(ConfigFault, match=r"pyproject.toml: wanted a readable file"):
        judge_tree(repository, only=(), clock=clock)


def ran(gated: Path, plan: dict[str, Check], *, again: bool = False) -> tuple[list[str], bool]:
    """Run a plan; return the gates that were run, and whether the tree is green."""
    said: list[str] = []
    found = run_tree(gated, plan, again=again, clock=clock, output=io.BytesIO(), say=said.append)
    return [line.partition(":")[0] for line in said[::2]], found.green


def test_a_run_goes_on_with_what_lacks_green_evidence(gated: Path) -> None:
    recorded(gated, "types")
    assert ran(gated, EXPECTED) == (["lint", "unit"], True)
    assert ran(gated, EXPECTED) == ([], True)
    assert ran(gated, EXPECTED, again=True) == (list(REQUIRED), True)


def test_only_what_changed_in_the_plan_is_run_again(gated: Path) -> None:
    ran(gated, EXPECTED)
    other = {**EXPECTED, "types": dataclasses.replace(EXPECTED["types"], checked_from="files:*")}
    assert ran(gated, other) == (["types"], True)


def test_a_run_of_one_part_takes_back_the_judgement_of_all(gated: Path) -> None:
    ran(gated, EXPECTED)
    assert evidence_path(gated, "gate").is_file()
    recorded(gated, "types")
    assert not evidence_path(gated, "gate").exists()


def empty_commit(gated: Path, git: Git) -> None:
    git(gated, "commit", "-q", "--allow-empty", "-m", "the same files")


MOVES = [
    ("head", empty_commit, "wanted head "),
    ("base", empty_commit, "wanted base "),
    ("day", None, "wanted day 2026-01-02, got evidence made with day 2026-01-01"),
]


@pytest.mark.parametrize(("name", "move", "words"), MOVES)
def test_a_check_is_run_again_once_what_it_depends_on_has_moved_on(
    gated: Path,
    git: Git,
    name: Dependency,
    move: Callable[[Path, Git], None] | None,
    words: str,
) -> None:
    plan = {**EXPECTED, "unit": dataclasses.replace(EXPECTED["unit"], depends_on=(name,))}
    assert ran(gated, plan) == (list(REQUIRED), True)
    day = "2026-01-02T00:00:00Z"
    if move:
        move(gated, git)
        day = THEN
    found = judge_tree(gated, only=(), expected=plan, clock=lambda: day).findings
    assert [finding.state for finding in found] == ["green", "green", "moved on"]
    assert found[2].detail.startswith(words)
    assert found[2].mend == "run the gate 'unit' again"
    said: list[str] = []
    run_tree(gated, plan, clock=lambda: day, output=io.BytesIO(), say=said.append)
    assert said[-1] == "unit: green: 2 checked, 0 failed, 0 skipped"
    assert len(said) == 2


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("raise SystemExit(1)", "types: red: 2 checked, 1 failed, 0 skipped"),
        ("open('a.py', 'w').write('a = 3')", "types: could not be judged: types: the working tree"),
    ],
    ids=["red", "the tree moved"],
)
def test_a_check_that_is_not_green_keeps_no_other_from_running(
    gated: Path, command: str, words: str
) -> None:
    bad = dataclasses.replace(EXPECTED["types"], command=(sys.executable, "-S", "-c", command))
    said: list[str] = []
    plan = {**EXPECTED, "types": bad}
    found = run_tree(gated, plan, clock=clock, output=io.BytesIO(), say=said.append)
    assert said[3].startswith(words)
    assert said[5] == "unit: green: 2 checked, 0 failed, 0 skipped"
    assert not found.green


def test_a_tree_that_moves_between_two_checks_is_never_green(gated: Path) -> None:
    def say(line: str) -> None:
        if line.startswith("types: green"):
            (gated / "new.md").write_text("a line")

    found = run_tree(gated, EXPECTED, clock=clock, output=io.BytesIO(), say=say)
    assert [finding.state for finding in found.findings] == ["stale", "stale", "missing"]


def test_a_plan_must_know_every_gate(gated: Path) -> None:
    with pytest.raises(GateUsage, match="wanted the check of each gate, got none of: lint, types"):
        ran(gated, {"unit": EXPECTED["unit"]})
