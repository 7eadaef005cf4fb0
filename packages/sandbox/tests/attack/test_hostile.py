"""Every attack of ``hostile``, in every mode, with the oracles of ``conftest``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.result import RunResult

pytestmark = pytest.mark.sandbox

HOSTILE = Path(__file__).parent / "hostile"
EXPECTED = tomllib.loads((HOSTILE / "expected.toml").read_text())
CASES = EXPECTED["case"]
PROBE = ".probe"

Attack = Callable[[RunRequest], tuple[RunResult, list[str]]]


def request_of(case: Mapping[str, Any], part: str = "") -> RunRequest:
    return RunRequest(
        code=(HOSTILE / f"{case['id']}{part}.py").read_text(),
        limits=Limits(**{**EXPECTED["limits"], **case.get("limits", {})}),
        outputs=tuple(case.get("outputs", ())),
        keep=tuple(case.get("keep", ())),
    )


def printed(result: RunResult) -> list[str]:
    said = result.claims.stdout + result.claims.stderr
    return [
        line for line in said.splitlines() for word in EXPECTED["must_not_print"] if word in line
    ]


def shown(result: RunResult) -> str:
    said = result.claims.stdout[-2000:] + result.claims.stderr[-2000:]
    return f"{result.tier}: {result.status}: {result.reason}\n{said}"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_attack_is_held(case: Mapping[str, Any], attack: Attack) -> None:
    result, broken = attack(request_of(case))
    assert (broken, printed(result)) == ([], []), shown(result)
    assert result.status in case["status"], shown(result)
    if case.get("probe"):
        result, broken = attack(request_of(case, PROBE))
        assert (result.status, broken, printed(result)) == ("ok", [], []), shown(result)


def test_table_and_programs_are_the_same_and_every_case_has_its_sentence() -> None:
    listed = {f"{case['id']}.py" for case in CASES}
    listed |= {f"{case['id']}{PROBE}.py" for case in CASES if case.get("probe")}
    assert listed == {path.name for path in HOSTILE.glob("*.py")}
    assert [case["id"] for case in CASES if not case["says"].endswith(".")] == []


def test_the_mode_is_what_it_is_called(
    tier: str,
    run: Callable[[RunRequest], RunResult],
    request: pytest.FixtureRequest,
    *,
    may_spawn: bool,
) -> None:
    code = (
        "import os\nforked = False\ntry:\n    os.fork() or os._exit(0)\n    forked = True\n"
        "except OSError:\n    pass\n"
    )
    result = run(RunRequest(code=code, outputs=("forked",)))
    assert ("namespaces" in tier) == ("namespaces" in request.node.callspec.id)
    assert "landlock-seccomp" in tier
    assert result.output("forked") is may_spawn
