"""The commands of the groups gate and spec."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracemill_gate.cli import gate, now, spec
from tracemill_gate.errors import GateRed, GateUsage, SpecFaults
from tracemill_gate.tree import snapshot

REAL = Path(__file__).parents[3]
PASS = (sys.executable, "-S", "-c", "pass")


def call(group: click.Group, *words: str | Path) -> tuple[str, BaseException | None]:
    """Run a command; return standard output and the fault that it raised."""
    result = CliRunner().invoke(group, [str(word) for word in words])
    fault = result.exception
    assert result.exit_code == 0 or fault is not None
    return result.stdout, fault


def recorded(repository: Path, *words: str) -> tuple[str, BaseException | None]:
    return call(gate, "record", "lint", "--folder", repository, "--checked-from", *words)


def test_record_then_reuse_then_judge(repository: Path) -> None:
    output, fault = recorded(repository, "files:*.py", "--", *PASS)
    assert (output, fault) == ("lint: green (recorded): 2 checked, 0 failed, 0 skipped\n", None)
    output, _ = recorded(repository, "files:*.py", "--reuse", "--", *PASS)
    assert output == ("lint: green (reused, nothing was run): 2 checked, 0 failed, 0 skipped\n")
    output, fault = call(gate, "judge", "--folder", repository, "--only", "lint", "--json")
    assert fault is None
    assert json.loads(output)["green"] is True


def test_record_ends_with_the_commands_verdict(repository: Path) -> None:
    words = (sys.executable, "-S", "-c", "raise SystemExit(7)")
    output, fault = recorded(repository, "files:*.py", "--", *words)
    assert output == "lint: red (recorded): 2 checked, 1 failed, 0 skipped\n"
    assert isinstance(fault, GateRed)
    assert fault.exit_code == 1


def test_record_prints_the_statement_as_json(repository: Path) -> None:
    output, _ = recorded(repository, "files:*.py", "--json", "--", *PASS)
    assert json.loads(output)["predicate"]["gate"] == "lint"


def test_an_allowed_skip_needs_a_reason(repository: Path) -> None:
    _, fault = recorded(repository, "files:*", "--allow-skip", "a::b", "--", *PASS)
    assert isinstance(fault, GateUsage)
    assert str(fault) == "wanted --allow-skip TEST=REASON, got a::b"


def test_judge_is_red_without_evidence(repository: Path) -> None:
    output, fault = call(gate, "judge", "--folder", repository)
    assert output.splitlines()[-1].endswith(": red: 11 of 11 gates, 0 things checked")
    assert isinstance(fault, GateRed)
    assert str(fault).startswith("the gate is red: lint, types, layers, ")


def test_tree_prints_the_id(repository: Path) -> None:
    output, _ = call(gate, "tree", "--folder", repository)
    assert output.strip() == snapshot(repository).id


def test_contracts_are_written_and_checked(tmp_path: Path) -> None:
    output, fault = call(gate, "contracts", "write", "--folder", tmp_path)
    assert f"{tmp_path}/trace.v1.schema.json\n" in output
    output, fault = call(gate, "contracts", "check", "--folder", tmp_path)
    assert isinstance(fault, GateRed)
    assert "trace.v1/valid: wanted examples, got none\n" in output
    output, _ = call(gate, "contracts", "check", "--folder", tmp_path, "--json")
    assert json.loads(output)["green"] is False


def test_specs_are_linted_and_shown(tmp_path: Path) -> None:
    output, fault = call(spec, "lint", "--folder", REAL)
    assert fault is None
    assert output.endswith(", failed: 0\n")
    first = sorted((REAL / "specs").glob("0001-*.md"))[0]
    output, _ = call(spec, "show", first)
    assert output.startswith("0001: ")
    assert "\n## Decision\n" in output
    assert json.loads(call(spec, "show", first, "--json")[0])["number"] == 1
    _, fault = call(spec, "show", tmp_path / "none.md")
    assert isinstance(fault, SpecFaults)


def commands(group: click.Group) -> list[click.Command]:
    found: list[click.Command] = [group]
    for command in group.commands.values():
        found += commands(command) if isinstance(command, click.Group) else [command]
    return found


@pytest.mark.parametrize("command", [*commands(gate), *commands(spec)], ids=lambda c: str(c.name))
def test_every_command_has_an_example(command: click.Command) -> None:
    assert command.help is not None
    assert "Example:" in command.help


def test_the_clock_gives_an_instant() -> None:
    assert now().endswith("Z")
    assert len(now()) == 20


def test_judge_compares_the_checks_with_those_that_are_expected(
    repository: Path, tmp_path: Path
) -> None:
    recorded(repository, "files:*.py", "--", *PASS)
    file = tmp_path / "expected.json"
    words = ("judge", "--folder", repository, "--only", "lint", "--expect", file)
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
    repository: Path, tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "expected.json"
    if text is not None:
        file.write_text(text)
    _, fault = call(gate, "judge", "--folder", repository, "--expect", file)
    assert isinstance(fault, GateUsage)
    assert str(fault).startswith(f"{file}: wanted a JSON object of gate -> {{")
