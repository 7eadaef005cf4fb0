"""Reading the checks of a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage
from tracemill_gate.evidence.check import Check
from tracemill_gate.evidence.plan import read


def test_what_is_left_out_is_as_record_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(
        '{"unit": {"command": ["pytest"]},'
        ' "lint": {"command": ["ruff"], "checked_from": "ruff", "allowed_skips": {"a": "b"},'
        ' "device": "gpu", "environment": ".nox/lint",'
        ' "depends_on": ["head", "day"]}}'
    )
    assert read(path) == {
        "unit": Check(gate="unit", command=("pytest",), checked_from="junit", allowed_skips={}),
        "lint": Check(
            gate="lint",
            command=("ruff",),
            checked_from="ruff",
            allowed_skips={"a": "b"},
            device="gpu",
            environment=".nox/lint",
            depends_on=("head", "day"),
        ),
    }


def test_what_a_check_depends_on_is_of_a_closed_set(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text('{"unit": {"command": ["pytest"], "depends_on": ["weather"]}}')
    with pytest.raises(GateUsage, match=r"(?s), gate unit .*'head', 'base' or 'day'"):
        read(path)


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text('{"unit": {"command": ["pytest"], "reuse": true}}')
    with pytest.raises(GateUsage, match=r"(?s)got something else .*, gate unit .*/reuse"):
        read(path)
