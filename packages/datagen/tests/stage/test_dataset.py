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
from tracemill_datagen.trace.build import build_trace
from tracemill_datagen.trace.corruption import resealed
from tracemill_schema.claim import Claim
from tracemill_schema.episode import Episode
from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record, read_records, write_records
from tracemill_schema.question import Question
from tracemill_schema.table import Table
from tracemill_schema.trace import Trace

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


@pytest.fixture
def about_a_table(
    workspace: Path,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
    table: Table,
) -> Path:
    """The workspace with traces about a table as well, their questions and episodes."""
    traces = [build_trace(each, questions[name], table) for name, each in accepted.items()]
    write_records(workspace / "episodes/template/flowers.jsonl", accepted.values())
    write_records(workspace / "questions/template/flowers.jsonl", questions.values())
    write_records(workspace / "traces/template/flowers.jsonl", traces)
    return workspace


def believable_lie(path: Path) -> Trace:
    """Let a trace quote another value, in text and claim, so that it replays and has its id."""
    first, *rest = read_records(path, Trace)
    steps = list(first.steps)
    at = next(i for i, step in enumerate(steps) if step.claim and "mean_mass" in step.content)
    claim = Claim(op="quote", args=(15.376,), result=15.376)
    steps[at] = steps[at].replace(content="mean_mass: the maximum = 15.376", claim=claim)
    lie = resealed(first, steps=tuple(steps))
    write_records(path, [lie, *rest])
    return lie


@pytest.mark.sandbox
def test_quotes_are_proved_where_the_episodes_are_named(about_a_table: Path) -> None:
    result = run(CONFIG | {"episodes": "episodes"}, about_a_table)
    assert (result["traces"], result["unproved_quotes"]) == (85, 0)
    assert run(CONFIG, about_a_table)["unproved_quotes"] == result["quotes"] != 0


@pytest.mark.sandbox
def test_a_lie_that_replays_is_refused_by_the_episode_alone(about_a_table: Path) -> None:
    lie = believable_lie(about_a_table / "traces/template/flowers.jsonl")
    assert run(CONFIG, about_a_table)["kept"] is False
    with pytest.raises(FaultyLines) as caught:
        run(CONFIG | {"episodes": "episodes", "key": "demo-v2"}, about_a_table)
    (fault,) = caught.value.faults
    assert fault.reason.endswith(f"got mean_mass: the maximum = 15.376 (trace {lie.id[:16]})")
    assert not (about_a_table / "datasets/demo-v2").exists()


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


@pytest.mark.filterwarnings("ignore:.*fork")  # threads of other tests live in this process
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
