"""The commands gate record, judge and tree."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracemill_gate.cli import gate
from tracemill_gate.errors import CannotJudge, GateRed, GateUsage
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


def test_record_then_judge(gated: Path) -> None:
    output, fault = recorded(gated, "files:*.py", "--", *PASS)
    assert (output, fault) == ("lint: green: 2 checked, 0 failed, 0 skipped\n", None)
    output, fault = call(gate, "judge", "--folder", gated, "--only", "lint", "--json")
    assert fault is None
    assert json.loads(output)["green"] is True


def test_record_ends_with_the_commands_verdict(gated: Path) -> None:
    words = (sys.executable, "-S", "-c", "raise SystemExit(7)")
    output, fault = recorded(gated, "files:*.py", "--", *words)
    assert output == "lint: red: 2 checked, 1 failed, 0 skipped\n"
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
    file = tmp_path / "plan.json"
    words = ("judge", "--folder", gated, "--only", "lint", "--plan", file)
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
def test_a_plan_that_cannot_be_read_is_named(gated: Path, tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "plan.json"
    if text is not None:
        file.write_text(text)
    _, fault = call(gate, "judge", "--folder", gated, "--plan", file)
    assert isinstance(fault, GateUsage)
    assert str(fault).startswith(f"{file}: wanted a JSON object of gate -> {{")


def test_run_runs_what_the_plan_says_and_ends_with_the_table(gated: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    one = {"command": list(PASS), "checked_from": "files:*.py"}
    file.write_text(json.dumps({"lint": one, "types": one, "unit": {**one, "command": ["false"]}}))
    output, fault = call(gate, "run", "--folder", gated, "--plan", file)
    assert isinstance(fault, GateRed)
    assert str(fault) == "the gate is red: unit"
    assert "lint: green: 2 checked, 0 failed, 0 skipped\ntypes: " in output
    assert output.splitlines()[-1].endswith(": red: 1 of 3 gates, 4 things checked")
    file.write_text(json.dumps({"lint": one, "types": one, "unit": one}))
    output, fault = call(gate, "run", "--folder", gated, "--plan", file, "--json")
    assert fault is None
    assert json.loads(output)["green"] is True


def test_record_says_what_the_check_depends_on(gated: Path) -> None:
    output, _ = recorded(gated, "files:*.py", "--depends-on", "day", "--json", "--", *PASS)
    assert "day" in json.loads(output)["predicate"]["versions"]


LINGERS = "import os, time; open('pid.log', 'w').write(str(os.getpid())); time.sleep(60)"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_an_interrupted_run_leaves_no_check_behind(
    gated: Path, tmp_path: Path, number: signal.Signals
) -> None:
    file = tmp_path / "plan.json"
    # A shell that waits for a child of its own: both must be gone.
    words = ["sh", "-c", f'{sys.executable} -S -c "{LINGERS}"; true']
    file.write_text(json.dumps({"lint": {"command": words, "checked_from": "files:*.py"}}))
    run = (sys.executable, "-m", "tracemill_gate", "gate", "run", "--plan", str(file))
    with subprocess.Popen((*run, "--only", "lint"), cwd=gated, stderr=subprocess.PIPE) as child:
        while not (gated / "pid.log").is_file() or not (gated / "pid.log").read_text():
            assert child.poll() is None
            time.sleep(0.02)
        child.send_signal(number)
        _, said = child.communicate()
    assert child.returncode == 130
    assert b"Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.kill(int((gated / "pid.log").read_text()), 0)
    assert not (gated / ".tracemill/evidence/lint.json").exists()


def test_record_runs_in_the_environment_that_is_named(gated: Path) -> None:
    words = ("files:*.py", "--environment", "no-such", "--", *PASS)
    _, fault = recorded(gated, *words)
    assert isinstance(fault, CannotJudge)
    assert str(fault).startswith("no-such: wanted a virtual environment, got no pyvenv.cfg")
