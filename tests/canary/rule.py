"""The rules that must have a canary: read from where the code itself lists them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from typing import get_args

from canary.scene import ROOT
from tracemill_gate.change.check import RULES as CHANGE_RULES
from tracemill_gate.config import Hygiene
from tracemill_gate.evidence.store import RED_STATES
from tracemill_gate.planning.lint import RULES as PLANNING_RULES
from tracemill_gate.proof.verdict import Kind
from tracemill_schema.readiness import FaultClass

HOLDING = {"RED", "GREEN", "NEW"}
"""Verdicts of the proof that are no fault."""

WITHOUT: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "unit-sandbox",
            "unit-packaging",
            "unit-worker",
            "unit-tracemill",
            "unit-gate",
            "unit-datagen",
            "prover",
        ),
        "pytest as in unit-schema, whose canaries show a failing test and an undeclared import",
    ),
    **dict.fromkeys(
        ("sandbox", "datagen", "worker", "flow", "train-smoke", "packaging"),
        "pytest as in unit-schema, on the real thing: a green run before each canary takes minutes",
    ),
}
"""Required gate -> why it has no canary of its own. tests/test_nox.py holds their commands."""


def rules() -> Mapping[str, tuple[str, ...]]:
    """Return part of the gate -> rules that a canary must break."""
    return {
        "layers": tuple(_contracts_of_import_linter()),
        "specs": tuple(rule.__name__ for rule in PLANNING_RULES),
        "change": tuple(rule.__name__ for rule in CHANGE_RULES),
        "proof": tuple(kind for kind in get_args(Kind) if kind not in HOLDING),
        "evidence": RED_STATES,
        "hygiene": tuple(name for name in Hygiene.model_fields if name.startswith("max_")),
        "readiness": get_args(FaultClass),
        "unit-repository": (
            *_tests_of("tests/test_docs.py"),
            *_tests_of("tests/test_dependencies.py"),
        ),
    }


def _contracts_of_import_linter() -> Iterator[str]:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    for contract in tool["importlinter"]["contracts"]:
        yield contract["name"]


def _tests_of(path: str) -> Iterator[str]:
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name
