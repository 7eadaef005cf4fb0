"""Reading the checks that are expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage
from tracemill_gate.evidence.expectation import read
from tracemill_gate.evidence.recorder import Check


def test_what_is_left_out_is_as_record_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "expected.json"
    path.write_text(
        '{"unit": {"command": ["pytest"]},'
        ' "lint": {"command": ["ruff"], "checked_from": "ruff", "allowed_skips": {"a": "b"},'
        ' "device": "gpu"}}'
    )
    assert read(path) == {
        "unit": Check(gate="unit", command=("pytest",), checked_from="junit", allowed_skips={}),
        "lint": Check(
            gate="lint",
            command=("ruff",),
            checked_from="ruff",
            allowed_skips={"a": "b"},
            device="gpu",
        ),
    }


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    path = tmp_path / "expected.json"
    path.write_text('{"unit": {"command": ["pytest"], "reuse": true}}')
    with pytest.raises(GateUsage, match=r"(?s)got something else .*, gate unit .*/reuse"):
        read(path)
