"""The stages train, complete and evaluate as the worker calls them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tracemill_schema.canonical import JsonObject, canonical_bytes, file_digest
from tracemill_schema.completion import Completion
from tracemill_schema.dataset import Dataset
from tracemill_schema.errors import RecordError
from tracemill_schema.evaluation import Evaluation, ItemVerdict
from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record, read_records
from tracemill_schema.training import Training
from tracemill_trainer import smoke, stage
from tracemill_trainer.errors import CheckpointBroken, CompletionsMismatch, ModelAbsent
from tracemill_trainer.proof import proves
from tracemill_trainer.smoke import SmokeConfig
from tracemill_trainer.versions import sources, versions

pytestmark = pytest.mark.train
CHILD = """
import sys
from pathlib import Path
import orjson
from tracemill_trainer.stage import train
train(orjson.loads(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def workspace(tmp_path: Path, write_dataset: Callable[[Path, int, int], Dataset]) -> Path:
    write_dataset(tmp_path / "datasets" / "tiny-v1", 60, 2)
    return tmp_path


def _kill_after_checkpoint(config: JsonObject, workspace: Path, step: int) -> None:
    place = workspace / str(config["out"]) / "checkpoints" / f"{step:06d}"
    command = [sys.executable, "-c", CHILD, canonical_bytes(config).decode(), str(workspace)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not place.exists() and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    child.kill()
    assert child.wait() == -signal.SIGKILL, "it had ended before it was killed"


def test_the_whole_way_and_a_kill_in_the_middle(workspace: Path, tiny: JsonObject) -> None:
    config = {**tiny, "max_steps": 24}
    told = stage.train(config, workspace)
    assert (told["steps"], told["stopped_by"], told["reused"]) == (24, "max_steps", False)
    manifest = workspace / "models/tiny/run_manifest.json"
    training = read_record(manifest, Training)
    assert training.versions == versions() | sources()
    assert b"null" not in manifest.read_bytes()
    assert (workspace / "models/tiny/loss.svg").read_bytes().startswith(b"<svg")
    proof = read_record(workspace / "evidence/train-tiny.json", Evidence)
    assert [subject.name for subject in proof.subject] == ["dataset", "model", "config"]
    assert proof.subject[1].digest.sha256 == training.checkpoints[-1].sha256
    assert (proof.predicate.checked, proof.predicate.device) == (24, "cpu")

    before = manifest.stat().st_mtime_ns
    (workspace / "evidence/train-tiny.json").unlink()
    (workspace / "models/tiny/loss.svg").unlink()
    assert stage.train(config, workspace)["reused"] is True
    assert (workspace / "models/tiny/loss.svg").is_file(), "what is missing is made again"
    assert proves(workspace, "train-tiny", training.checkpoints[-1].sha256)
    assert manifest.stat().st_mtime_ns == before

    _kill_after_checkpoint({**config, "out": "models/killed"}, workspace, 6)
    assert not (workspace / "models/killed/run_manifest.json").exists()
    stage.train({**config, "out": "models/killed"}, workspace)
    resumed = read_record(workspace / "models/killed/run_manifest.json", Training)
    measured = {"wall_seconds", "finished_at", "model", "config"}
    assert resumed.model_dump(exclude=measured) == training.model_dump(exclude=measured)

    _completes_and_evaluates(workspace)


def _completes_and_evaluates(workspace: Path) -> None:
    asked: JsonObject = {
        "model": "models/tiny",
        "dataset": "datasets/tiny-v1",
        "n": 10,
        "out": "evaluations/tiny",
        "max_new_tokens": 12,
        "batch_rows": 4,
        "device": "cpu",
    }
    told = stage.complete(asked, workspace)
    assert (told["completions"], told["step"], told["reused"]) == (10, 24, False)
    target = workspace / "evaluations/tiny/completions.jsonl"
    whole = target.read_bytes()
    assert stage.complete(asked, workspace)["reused"] is True

    lines = whole.splitlines(keepends=True)
    target.unlink()
    target.with_suffix(".partial.jsonl").write_bytes(b"".join(lines[:6]) + lines[6][:9])
    stage.complete(asked, workspace)
    assert target.read_bytes() == whole, "a run that was cut off ends with the same bytes"

    _evaluates(workspace, list(read_records(target, Completion)))
    start = stage.complete({**asked, "step": 0, "out": "evaluations/before"}, workspace)
    assert start["step"] == 0
    assert start["checkpoint"] != told["checkpoint"]
    array = next((workspace / "models/tiny/checkpoints/000024/weights").rglob("c/0/0"))
    array.write_bytes(array.read_bytes()[:-1])
    with pytest.raises(CheckpointBroken, match="as the manifest says, got"):
        stage.complete({**asked, "out": "evaluations/broken"}, workspace)


def _evaluates(workspace: Path, completions: list[Completion]) -> None:
    config: JsonObject = {
        "completions": "evaluations/tiny/completions.jsonl",
        "dataset": "datasets/tiny-v1",
        "model": "models/tiny",
        "out": "evaluations/tiny",
    }
    file = workspace / "evaluations/tiny/completions.jsonl"
    whole = file.read_bytes()
    file.write_bytes(b"".join(whole.splitlines(keepends=True)[1:]))
    with pytest.raises(CompletionsMismatch, match="1 of 10 are missing"):
        stage.evaluate(config, workspace)
    file.write_bytes(whole)
    told = stage.evaluate(config, workspace)
    assert (told["items"], told["reused"]) == (10, False)
    path = workspace / "evaluations/tiny/eval_summary.json"
    summary = read_record(path, Evaluation)
    assert b"null" not in path.read_bytes()
    items = list(read_records(workspace / "evaluations/tiny/items.jsonl", ItemVerdict))
    assert [item.question_id for item in items] == [c.question_id for c in completions]
    assert summary.pass_at_1.hits == sum(item.correct for item in items)
    proof = (workspace / "evidence/evaluate-tiny.json").read_bytes()
    assert stage.evaluate(config, workspace)["reused"] is True
    assert (workspace / "evidence/evaluate-tiny.json").read_bytes() == proof
    (workspace / "evidence/evaluate-tiny.json").unlink()
    assert stage.evaluate(config, workspace)["reused"] is False
    assert proves(workspace, "evaluate-tiny", file_digest(path))
    evidence = Evidence.from_bytes(proof, where="evidence")
    assert (evidence.predicate.gate, evidence.predicate.checked) == ("evaluate-tiny", 10)


def test_the_stage_smoke_leaves_its_evidence_in_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[SmokeConfig, Path | None, Path]] = []

    def run(config: SmokeConfig, *, dataset: Path | None, evidence: Path) -> JsonObject:
        seen.append((config, dataset, evidence))
        return {"device": "cpu", "evidence": str(evidence)}

    monkeypatch.setattr(smoke, "run_smoke", run)
    told = stage.smoke({"device": "cpu", "steps": 20}, tmp_path)
    assert told == {"device": "cpu", "evidence": "evidence/train-smoke.json"}
    path = tmp_path / "evidence/train-smoke.json"
    assert seen == [(SmokeConfig(device="cpu", steps=20), None, path)]
    with pytest.raises(RecordError, match="config of the stage smoke .*\n.*/step: wanted no such"):
        stage.smoke({"step": 20}, tmp_path)


def test_a_wrong_config_and_an_absent_model_are_told(workspace: Path, tiny: JsonObject) -> None:
    with pytest.raises(RecordError, match="config of the stage train .*\n.*/max_step: wanted no"):
        stage.train({**tiny, "max_step": 3}, workspace)
    asked: JsonObject = {"model": "models/no", "dataset": "d", "out": "evaluations/no"}
    with pytest.raises(ModelAbsent, match="wanted a finished training"):
        stage.complete(asked, workspace)


def test_the_worker_finds_the_stages_by_their_kind() -> None:
    for kind in ("smoke", "train", "complete", "evaluate"):
        (entry,) = entry_points(group="tracemill.run_handlers", name=kind)
        assert entry.load() is getattr(stage, kind)
    assert os.name == "posix"
