"""The commands of the group spec that read and move planning files."""

from __future__ import annotations

import json
from pathlib import Path

import click
from click.testing import CliRunner

from tracemill_gate.cli import spec
from tracemill_gate.errors import SpecFaults

REAL = Path(__file__).parents[4]


def call(group: click.Group, *words: str | Path) -> tuple[str, BaseException | None]:
    """Run a command; return standard output and the fault that it raised."""
    result = CliRunner().invoke(group, [str(word) for word in words])
    fault = result.exception
    assert result.exit_code == 0 or fault is not None
    return result.stdout, fault


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
