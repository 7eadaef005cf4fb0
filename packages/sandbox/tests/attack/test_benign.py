"""Every program of ``benign``, in every mode: what holds attacks must not hold up work."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.result import RunResult

pytestmark = pytest.mark.sandbox

BENIGN = Path(__file__).parent / "benign"
PROGRAMS = tomllib.loads((BENIGN / "expected.toml").read_text())["program"]
DATA = b"kind,size,weight\na,1,9.5\na,2,8.0\nb,3,7.5\nb,4,6.0\na,3,5.5\na,4,1.0\n"
LIMITS = Limits(wall_seconds=60, cpu_seconds=60)


def shown(result: RunResult) -> str:
    said = result.claims.stdout[-2000:] + result.claims.stderr[-2000:]
    return f"{result.tier}: {result.status}: {result.reason}\n{said}"


@pytest.mark.parametrize("program", PROGRAMS, ids=[program["id"] for program in PROGRAMS])
def test_program_works(
    program: Mapping[str, Any], run: Callable[[RunRequest], RunResult], *, may_spawn: bool
) -> None:
    code = (BENIGN / f"{program['id']}.py").read_text()
    result = run(RunRequest(code=code, files={"data.csv": DATA}, limits=LIMITS))
    wanted = "error" if program.get("spawn") and not may_spawn else "ok"
    assert (result.status, result.facts.attempts) == (wanted, 1), shown(result)


def test_table_and_programs_are_the_same() -> None:
    assert {f"{program['id']}.py" for program in PROGRAMS} == {
        path.name for path in BENIGN.glob("*.py")
    }


def test_what_programs_need_is_declared() -> None:
    named = {"sklearn": "scikit-learn"}
    package = tomllib.loads((BENIGN.parents[2] / "pyproject.toml").read_text())
    groups = package["dependency-groups"]
    declared = {re.split(r"[^a-z0-9-]", word)[0] for word in groups["programs"] + groups["test"]}
    needed = {named.get(name, name) for program in PROGRAMS for name in program["needs"]}
    assert needed <= declared
