"""Stage dataset: one call builds, verifies and leaves evidence; a kill changes nothing."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tracemill_datagen.dataset.errors import FaultyLines
from tracemill_datagen.stage.dataset import run
from tracemill_datagen.stage.tasks import run as run_tasks
from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record

CONFIG = {"key": "demo-v1", "source": "a test"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    run_tasks({"counts": {"modular_chain": 60, "sort_numbers": 20}}, tmp_path)
    return tmp_path


def data_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.jsonl"))
    }


def test_the_result_and_the_evidence_name_the_dataset(workspace: Path) -> None:
    result = run(CONFIG, workspace)
    assert result["folder"] == "datasets/demo-v1"
    assert (result["traces"], result["verified"], result["kept"]) == (80, 80, False)
    evidence = read_record(workspace / "evidence/dataset.json", Evidence)
    assert evidence.predicate.gate == "dataset"
    assert (evidence.predicate.checked, evidence.predicate.failed) == (80, 0)
    assert [subject.name for subject in evidence.subject] == ["dataset"]
    assert evidence.subject[0].digest.sha256 == result["id"]
    again = run(CONFIG, workspace)
    assert again["kept"] is True
    assert again["id"] == result["id"]


def test_wrong_input_leaves_no_dataset_and_no_evidence(workspace: Path) -> None:
    path = workspace / "tasks/sort_numbers.traces.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FaultyLines, match=r"sort_numbers.traces.jsonl line 20: wanted a whole"):
        run(CONFIG, workspace)
    assert not (workspace / "evidence").exists()
    assert not (workspace / "datasets/demo-v1").exists()


def build_and_be_killed(workspace: Path, *, seed: int, seconds: float) -> None:
    """Build another version in a child process and kill it after ``seconds``."""
    child = os.fork()
    if child == 0:
        try:
            run(CONFIG | {"replace": True, "seed": seed}, workspace)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_build_killed_at_any_moment_ends_in_the_same_bytes(workspace: Path) -> None:
    undisturbed = run(CONFIG | {"out": "undisturbed"}, workspace)
    wanted = data_files(workspace / "undisturbed/demo-v1")
    rng = random.Random(5)  # noqa: S311 - moments to kill at, the same each time
    for seed in range(5):
        build_and_be_killed(workspace, seed=seed, seconds=rng.uniform(0.0, 0.12))
    result = run(CONFIG | {"replace": True}, workspace)
    assert result["id"] == undisturbed["id"]
    assert data_files(workspace / "datasets/demo-v1") == wanted
    assert [path.name for path in (workspace / "datasets").iterdir()] == ["demo-v1"]
