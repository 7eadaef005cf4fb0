"""The gate, whole, on a scratch repository."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage
from tracemill_gate.evidence import evidence_path
from tracemill_gate.gate import REQUIRED, judge_tree
from tracemill_gate.recorder import Check, record

THEN = "2026-01-01T00:00:00Z"


def clock() -> str:
    return THEN


def check(gate: str) -> Check:
    command = (sys.executable, "-S", "-c", "pass")
    return Check(gate=gate, command=command, checked_from="files:*.py", allowed_skips={})


EXPECTED = {gate: check(gate) for gate in REQUIRED}


def recorded(repository: Path, gate: str) -> None:
    record(repository, check(gate), reuse=False, clock=clock, output=io.BytesIO())


def test_the_required_gates() -> None:
    assert REQUIRED == (
        "lint",
        "types",
        "layers",
        "contracts",
        "unit",
        "sandbox",
        "worker",
        "flow",
        "train-smoke",
        "packaging",
        "docs",
    )


def test_a_tree_is_green_with_all_evidence_and_red_after_any_change(repository: Path) -> None:
    for gate in REQUIRED:
        recorded(repository, gate)
    found = judge_tree(repository, only=(), expected=EXPECTED, clock=clock)
    assert found.green
    assert found.checked == 2 * len(REQUIRED)
    (repository / "new.md").write_text("a line")
    found = judge_tree(repository / "folder", only=(), clock=clock)
    assert [finding.state for finding in found.findings] == ["stale"] * len(REQUIRED)


def test_without_any_evidence_everything_is_missing(repository: Path) -> None:
    found = judge_tree(repository, only=(), expected=EXPECTED, clock=clock)
    assert {finding.state for finding in found.findings} == {"missing"}
    assert evidence_path(repository, "gate").is_file()


def test_a_partial_look_leaves_no_evidence(repository: Path) -> None:
    recorded(repository, "lint")
    assert judge_tree(repository, only=("lint",), clock=clock).green
    assert not evidence_path(repository, "gate").exists()


def test_an_unknown_gate_is_refused(repository: Path) -> None:
    with pytest.raises(GateUsage, match="no gate is called 'lnt'; wanted one of: lint, types"):
        judge_tree(repository, only=("lnt",), clock=clock)


def test_a_look_without_expected_checks_leaves_no_evidence(repository: Path) -> None:
    judge_tree(repository, only=(), clock=clock)
    assert not evidence_path(repository, "gate").exists()


def test_every_gate_that_is_looked_at_must_be_expected(repository: Path) -> None:
    some = {"lint": EXPECTED["lint"]}
    with pytest.raises(
        GateUsage, match="wanted the check of each gate, got none of: types, layers"
    ):
        judge_tree(repository, only=(), expected=some, clock=clock)
    judge_tree(repository, only=("lint",), expected=some, clock=clock)
