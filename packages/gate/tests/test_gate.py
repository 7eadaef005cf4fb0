"""The gate, whole, on a scratch repository."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tracemill_gate.errors import ConfigFault, GateUsage
from tracemill_gate.evidence.recorder import Check, record
from tracemill_gate.evidence.store import evidence_path
from tracemill_gate.gate import judge_tree

THEN = "2026-01-01T00:00:00Z"


def clock() -> str:
    return THEN


def check(gate: str) -> Check:
    command = (sys.executable, "-S", "-c", "pass")
    return Check(gate=gate, command=command, checked_from="files:*.py", allowed_skips={})


REQUIRED = ("lint", "types", "unit")
EXPECTED = {gate: check(gate) for gate in REQUIRED}


def recorded(gated: Path, gate: str) -> None:
    record(gated, check(gate), reuse=False, clock=clock, output=io.BytesIO())


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
