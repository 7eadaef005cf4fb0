"""The commands gate record, judge and tree."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracemill_gate.cli import gate
from tracemill_gate.errors import GateRed, GateUsage
from tracemill_gate.tree import snapshot

PASS = (sys.executable, "-S", "-c", "pass")


def call(group: click.Group, *words: str | Path) -> tuple[str, BaseException | None]:
    """Run a command; return standard output and the fault that it raised."""
    result = CliRunner().invoke(group, [str(word) for word in words])
    fault = result.exception
    assert result.exit_code == 0 or fault is not None
    return result.stdout, fault


def recorded(gated: Path, *words: str) -> tuple[str, BaseException | None]:
    return call(gate, "record", "lint", "--folder", gated, "--checked-from", *words)


def test_record_then_reuse_then_judge(gated: Path) -> None:
    output, fault = recorded(gated, "files:*.py", "--", *PASS)
    assert (output, fault) == ("lint: green (recorded): 2 checked, 0 failed, 0 skipped\n", None)
    output, _ = recorded(gated, "files:*.py", "--reuse", "--", *PASS)
    assert output == ("lint: green (reused, nothing was run): 2 checked, 0 failed, 0 skipped\n")
    output, fault = call(gate, "judge", "--folder", gated, "--only", "lint", "--json")
    assert fault is None
    assert json.loads(output)["green"] is True


def test_record_ends_with_the_commands_verdict(gated: Path) -> None:
    words = (sys.executable, "-S", "-c", "raise SystemExit(7)")
    output, fault = recorded(gated, "files:*.py", "--", *words)
    assert output == "lint: red (recorded): 2 checked, 1 failed, 0 skipped\n"
    assert isinstance(fault, GateRed)
    assert fault.exit_code == 1


def test_record_prints_the_statement_as_json(gated: Path) -> None:
    output, _ = recorded(gated, "files:*.py", "--json", "--", *PASS)
    assert json.loads(output)["predicate"]["gate"] == "lint"


def test_an_allowed_skip_needs_a_reason(gated: Path) -> None:
    _, fault = recorded(gated, "files:*", "--allow-skip", "a::b", "--", *PASS)
    assert isinstance(fault, GateUsage)
    assert str(fault) == "wanted --allow-skip TEST=REASON, got a::b"


def test_judge_is_red_without_evidence(gated: Path) -> None:
    output, fault = call(gate, "judge", "--folder", gated)
    assert output.splitlines()[-1].endswith(": red: 3 of 3 gates, 0 things checked")
    assert isinstance(fault, GateRed)
    assert str(fault).startswith("the gate is red: lint, types, unit")


def test_tree_prints_the_id(gated: Path) -> None:
    output, _ = call(gate, "tree", "--folder", gated)
    assert output.strip() == snapshot(gated).id


def test_judge_compares_the_checks_with_those_that_are_expected(
    gated: Path, tmp_path: Path
) -> None:
    recorded(gated, "files:*.py", "--", *PASS)
    file = tmp_path / "expected.json"
    words = ("judge", "--folder", gated, "--only", "lint", "--expect", file)
    lint = {"command": list(PASS), "checked_from": "files:*.py"}
    file.write_text(json.dumps({"lint": lint}))
    assert call(gate, *words)[1] is None
    file.write_text(json.dumps({"lint": {**lint, "command": ["ruff", "check"]}}))
    output, fault = call(gate, *words)
    assert isinstance(fault, GateRed)
    assert "('ruff check'), got the check" in output


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "[]",
        '{"lint": 5}',
        '{"lint": {"command": []}}',
        '{"lint": {"command": ["a"], "x": 1}}',
    ],
)
def test_expected_checks_that_cannot_be_read_are_named(
    gated: Path, tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "expected.json"
    if text is not None:
        file.write_text(text)
    _, fault = call(gate, "judge", "--folder", gated, "--expect", file)
    assert isinstance(fault, GateUsage)
    assert str(fault).startswith(f"{file}: wanted a JSON object of gate -> {{")
