"""A corpus from outside the repository, with the same oracles: one more set of eyes.

It lies beside the repository, in ``shared/sandbox_corpus``: folders ``hostile`` and ``benign``,
each with its programs and an ``expected.json``; ``@@NAME@@`` in a program stands for what is
planted on the host. Where it is absent these tests are left out, and the head of pytest's report
says so; in CI its absence is an error.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.request import MIB, Limits, RunRequest
from tracemill_sandbox.result import RunResult

pytestmark = pytest.mark.sandbox

CORPUS = Path(__file__).parents[5] / "shared" / "sandbox_corpus"
DATA = b"g,x,y\n" + b"".join(b"%c,%d.5,%d.25\n" % (97 + n % 3, n, n * n % 17) for n in range(60))

Attack = Callable[[RunRequest], tuple[RunResult, list[str]]]

HOSTILE: dict[str, Any] = json.loads((CORPUS / "hostile" / "expected.json").read_text())
BENIGN: dict[str, Any] = json.loads((CORPUS / "benign" / "expected.json").read_text())


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


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Keep the same case of another test process away: their locks on files of the host meet."""
    with Path(tempfile.gettempdir(), f"tracemill-attack-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("case", HOSTILE["cases"], ids=lambda case: case["id"])
def test_attack_is_held(
    case: Mapping[str, Any], attack: Attack, planted: Mapping[str, str | int]
) -> None:
    with alone(case["id"]):
        result, broken = attack(RunRequest(code=filled(case["file"], planted), limits=limits()))
        said = [word for word in case["must_not_print"] if word in result.claims.stdout]
        assert (broken, said) == ([], []), shown(result)
        assert result.status in case["status"], shown(result)
        if "probe" in case:
            result, broken = attack(
                RunRequest(code=filled(case["probe"], planted), limits=limits())
            )
            assert (result.status, broken) == ("ok", []), shown(result)
            assert "ESCAPE:" not in result.claims.stdout, shown(result)


@pytest.mark.parametrize("name", BENIGN["files"])
def test_program_works(name: str, run: Callable[[RunRequest], RunResult]) -> None:
    code = (CORPUS / "benign" / name).read_text()
    longest = Limits(wall_seconds=60, cpu_seconds=60)
    result = run(RunRequest(code=code, files={"data.csv": DATA}, limits=longest))
    assert (result.status, "BAD" in result.claims.stdout) == ("ok", False), shown(result)
    assert "OK" in result.claims.stdout
