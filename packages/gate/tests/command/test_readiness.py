from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from tracemill_gate import stage
from tracemill_gate.command.readiness import readiness
from tracemill_gate.errors import GateRed
from tracemill_gate.readiness import Check
from tracemill_schema.readiness import Examined, Tick


@pytest.fixture(autouse=True)
def _one_check(trainable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def examine(dataset: Path, episodes: Path | None, tick: Tick) -> Examined:
        return Examined(checked=34 if episodes is None else 68, faults=())

    checks = (Check(name="data", made_by="maker 1.0", examine=examine),)
    monkeypatch.setattr(stage, "installed_checks", lambda: checks)
    monkeypatch.setattr(stage, "installed_versions", dict)
    monkeypatch.chdir(trainable)


def _run(*words: str) -> Result:
    return CliRunner().invoke(readiness, words)


def test_what_is_ready_is_told_with_where_the_evidence_lies() -> None:
    assert _run("datasets/demo-v1").output == (
        "datasets/demo-v1: ready, 35 things checked; evidence in evidence/readiness.json\n"
    )
    assert Path("evidence/readiness.json").is_file()


def test_every_file_can_be_named(trainable: Path) -> None:
    Path("evidence/train-smoke.json").rename("train-smoke.json")
    Path("evidence/train-smoke.json.sha256").rename("train-smoke.json.sha256")
    (trainable / "episodes").mkdir()
    words = (
        "--smoke",
        "train-smoke.json",
        "--evidence",
        "out/ready.json",
        "--episodes",
        "episodes",
    )
    assert (
        "69 things checked; evidence in out/ready.json" in _run("datasets/demo-v1", *words).output
    )


def test_a_red_one_ends_with_its_faults_and_exit_code_1() -> None:
    Path("evidence/train-smoke.json").unlink()
    result = _run("datasets/demo-v1", "--json")
    told = orjson.loads(result.stdout)
    assert (told["green"], told["checked"]) == (False, 35)
    assert [fault["kind"] for fault in told["faults"]] == ["smoke"]
    assert isinstance(result.exception, GateRed)
    assert result.exception.exit_code == 1
    head, fault = str(result.exception).splitlines()
    assert head == "datasets/demo-v1 is not ready to be trained on: 1 critical fault"
    assert fault == (
        "  smoke at train-smoke.json: wanted its evidence, got: (document): "
        "wanted a readable file, got No such file or directory; run: tracemill train smoke"
    )


def test_a_folder_that_is_not_there_is_a_usage_fault() -> None:
    assert _run("datasets/none").exit_code == 2
    assert _run("datasets/demo-v1", "--episodes", "none").exit_code == 2
