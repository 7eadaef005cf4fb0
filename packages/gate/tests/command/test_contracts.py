"""The commands gate contracts write and check."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
from click.testing import CliRunner

from tracemill_gate.cli import gate
from tracemill_gate.errors import GateRed, UnknownRevision

Git = Callable[..., str]


def call(group: click.Group, *words: str | Path) -> tuple[str, BaseException | None]:
    """Run a command; return standard output and the fault that it raised."""
    result = CliRunner().invoke(group, [str(word) for word in words])
    fault = result.exception
    assert result.exit_code == 0 or fault is not None
    return result.stdout, fault


def test_contracts_are_written_and_checked(gated: Path, git: Git) -> None:
    output, fault = call(gate, "contracts", "write", "--folder", gated)
    assert (f"{gated}/contracts/trace.v1.schema.json\n" in output, fault) == (True, None)
    output, fault = call(gate, "contracts", "check", "--folder", gated)
    assert isinstance(fault, GateRed)
    assert "trace.v1.schema.json: new\n" in output
    assert "trace.v1/valid: wanted " in output
    assert output.splitlines()[-1].startswith("checked: ")


def test_a_breaking_change_is_printed_with_its_documents(gated: Path, git: Git) -> None:
    call(gate, "contracts", "write", "--folder", gated)
    git(gated, "add", "-A")
    git(gated, "commit", "-q", "-m", "contracts")
    path = gated / "contracts/table.v1.schema.json"
    schema = json.loads(path.read_text())
    schema["properties"]["rows"] = {"type": "string"}
    path.write_text(json.dumps(schema))
    output, fault = call(gate, "contracts", "check", "--folder", gated, "--base", "HEAD^")
    assert "table.v1.schema.json: new\n" in output
    git(gated, "commit", "-q", "-a", "-m", "rows are text")
    output, fault = call(gate, "contracts", "check", "--folder", gated)
    assert isinstance(fault, GateRed)
    line = next(line for line in output.splitlines() if "without a new version" in line)
    assert line.startswith("table.v1.schema.json: breaking change without a new version, first at ")
    assert line.endswith("leave table.v1 as it is at the base and add table.v2")
    output, _ = call(gate, "contracts", "check", "--folder", gated, "--json")
    report = json.loads(output)
    (change,) = report["changes"]
    assert (report["green"], change["became"]) == (False, "breaking")
    assert [proof["refused_for"] for proof in change["proofs"]] == [
        "type at /rows",
        "type at /rows",
    ]
    _, fault = call(gate, "contracts", "check", "--folder", gated, "--base", "nowhere")
    assert isinstance(fault, UnknownRevision)
