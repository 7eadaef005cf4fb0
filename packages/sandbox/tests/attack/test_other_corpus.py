"""A corpus from outside the repository, with the same oracles: one more set of eyes.

``TRACEMILL_SANDBOX_CORPUS`` names a folder with ``hostile`` and ``benign``, each with its programs
and an ``expected.json``; ``@@NAME@@`` in a program stands for what is planted on the host.
"""

from __future__ import annotations

import json
import os
import pwd
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.request import MIB, Limits, RunRequest
from tracemill_sandbox.result import RunResult

pytestmark = pytest.mark.sandbox

VARIABLE = "TRACEMILL_SANDBOX_CORPUS"
NAMED = os.environ.get(VARIABLE)
CORPUS = Path(NAMED or "/nonexistent")
DATA = b"g,x,y\n" + b"".join(b"%c,%d.5,%d.25\n" % (97 + n % 3, n, n * n % 17) for n in range(60))

Attack = Callable[[RunRequest], tuple[RunResult, list[str]]]

needs_corpus = pytest.mark.skipif(NAMED is None, reason=f"{VARIABLE} names no folder")


def expected(kind: str) -> dict[str, Any]:
    """Return the table of the corpus; one that is named and not there is a fault."""
    if NAMED is None:
        return {"cases": [], "files": [], "limits": {}}
    table: dict[str, Any] = json.loads((CORPUS / kind / "expected.json").read_text())
    return table


HOSTILE, BENIGN = expected("hostile"), expected("benign")


def filled(name: str, planted: Mapping[str, str | int]) -> str:
    """Return a program with the names of what is planted."""
    mark = str(planted["MARK"])
    values = {
        **planted,
        "HOST_DIR": planted["HOST_FOLDER"],
        "HOST_CANARY": Path(str(planted["CANARY"])).name,
        "HOST_USER": pwd.getpwuid(os.getuid()).pw_name,
        "UNIX_SOCK": planted["UNIX_STREAM"],
        "MARKREV": mark[::-1],
    }
    code = (CORPUS / "hostile" / name).read_text()
    return re.sub(r"@@(\w+)@@", lambda found: str(values[found[1]]), code)


def limits() -> Limits:
    said = HOSTILE["limits"]
    return Limits(
        wall_seconds=said["wall"],
        cpu_seconds=said["cpu"],
        memory_bytes=said["as_mb"] * MIB,
        disk_bytes=said["scratch_mb"] * MIB,
        output_bytes=said["output_cap"],
    )


def shown(result: RunResult) -> str:
    said = result.claims.stdout[-2000:] + result.claims.stderr[-2000:]
    return f"{result.tier}: {result.status}: {result.reason}\n{said}"


@needs_corpus
@pytest.mark.parametrize("case", HOSTILE["cases"], ids=lambda case: case["id"])
def test_attack_is_held(
    case: Mapping[str, Any], attack: Attack, planted: Mapping[str, str | int]
) -> None:
    result, broken = attack(RunRequest(code=filled(case["file"], planted), limits=limits()))
    said = [word for word in case["must_not_print"] if word in result.claims.stdout]
    assert (broken, said) == ([], []), shown(result)
    assert result.status in case["status"], shown(result)
    if "probe" in case:
        result, broken = attack(RunRequest(code=filled(case["probe"], planted), limits=limits()))
        assert (result.status, broken) == ("ok", []), shown(result)
        assert "ESCAPE:" not in result.claims.stdout, shown(result)


@needs_corpus
@pytest.mark.parametrize("name", BENIGN["files"])
def test_program_works(name: str, run: Callable[[RunRequest], RunResult]) -> None:
    code = (CORPUS / "benign" / name).read_text()
    longest = Limits(wall_seconds=60, cpu_seconds=60)
    result = run(RunRequest(code=code, files={"data.csv": DATA}, limits=longest))
    if result.claims.exception in ("ImportError", "ModuleNotFoundError"):
        pytest.skip(result.claims.stderr.strip().splitlines()[-1])
    assert (result.status, "BAD" in result.claims.stdout) == ("ok", False), shown(result)
    assert "OK" in result.claims.stdout
