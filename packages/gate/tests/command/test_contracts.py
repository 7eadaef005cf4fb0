"""The commands gate contracts write and check."""

from __future__ import annotations

import json
from pathlib import Path

import click
from click.testing import CliRunner

from tracemill_gate.cli import gate
from tracemill_gate.errors import GateRed


def call(group: click.Group, *words: str | Path) -> tuple[str, BaseException | None]:
    """Run a command; return standard output and the fault that it raised."""
    result = CliRunner().invoke(group, [str(word) for word in words])
    fault = result.exception
    assert result.exit_code == 0 or fault is not None
    return result.stdout, fault


def test_contracts_are_written_and_checked(tmp_path: Path) -> None:
    output, fault = call(gate, "contracts", "write", "--folder", tmp_path)
    assert f"{tmp_path}/trace.v1.schema.json\n" in output
    output, fault = call(gate, "contracts", "check", "--folder", tmp_path)
    assert isinstance(fault, GateRed)
    assert "trace.v1/valid: wanted examples, got none\n" in output
    output, _ = call(gate, "contracts", "check", "--folder", tmp_path, "--json")
    assert json.loads(output)["green"] is False
