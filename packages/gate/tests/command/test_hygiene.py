"""The command gate hygiene."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracemill_gate.command.hygiene import hygiene
from tracemill_gate.errors import GateRed


@pytest.fixture
def sourced(gated: Path) -> Path:
    """The gated repository with one module under ``src``."""
    (gated / "src").mkdir()
    (gated / "src/a.py").write_text("a = 1\n")
    return gated


def test_it_ends_with_the_summary_that_the_gate_counts(sourced: Path) -> None:
    result = CliRunner().invoke(hygiene, ["--folder", str(sourced)])
    assert result.exception is None
    assert result.stdout.startswith("figure ")
    assert result.stdout.endswith("\nchecked: 1, failed: 0\n")


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["text", "json"])
def test_a_marker_is_red(sourced: Path, words: tuple[str, ...]) -> None:
    (sourced / "src/a.py").write_text("a = 1  # FIXME\n")
    result = CliRunner().invoke(hygiene, ["--folder", str(sourced), *words])
    assert isinstance(result.exception, GateRed)
    assert "wanted no FIXME, got one that is not listed" in result.stdout


def test_the_figures_are_told_as_json(sourced: Path) -> None:
    result = CliRunner().invoke(hygiene, ["--folder", str(sourced), "--json"])
    found = json.loads(result.stdout)
    assert (found["checked"], found["green"], found["faults"]) == (1, True, [])
    assert found["measures"][0] == {
        "name": "lines of a module, median",
        "value": 1,
        "aim": "at most 150",
        "met": True,
    }
