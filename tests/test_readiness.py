"""Readiness, whole: datagen's checks, the gate's evidence and the trainer's refusal in one line."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from tracemill_datagen.dataset.builder import build
from tracemill_datagen.dataset.config import DatasetConfig
from tracemill_datagen.stage.tasks import TasksConfig, make
from tracemill_gate import stage
from tracemill_gate.errors import GateRed
from tracemill_schema.canonical import JsonObject
from tracemill_schema.dataset import DataFile, Dataset
from tracemill_schema.evidence import Digest, Predicate, Subject, statement
from tracemill_schema.jsonl import read_record, write_record
from tracemill_schema.seal import write_sealed
from tracemill_trainer.config import TrainConfig
from tracemill_trainer.errors import NotJudged, NotReady
from tracemill_trainer.readiness import require_ready
from tracemill_trainer.versions import sources, versions

THEN = "2026-01-02T03:04:05Z"
JUDGE: JsonObject = {"dataset": "datasets/demo-v1"}
LONG = TrainConfig(dataset="datasets/demo-v1", out="models/m", max_tokens=500_000, device="cpu")
HERE = sources() | versions()


def _write_smoke(workspace: Path, *, failed: int = 0, versions: dict[str, str]) -> None:
    predicate = Predicate(
        gate="train-smoke",
        passed=3 - failed,
        failed=failed,
        skipped=0,
        checked=3,
        device="cpu",
        versions=versions,
        started=THEN,
        finished=THEN,
    )
    subject = Subject(name="model", digest=Digest(sha256="f" * 64))
    evidence = statement(subjects=(subject,), predicate=predicate)
    write_sealed(workspace / "evidence/train-smoke.json", evidence)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A small dataset of reasoning tasks, and green evidence that this trainer works."""
    counts = {"modular_chain": 18, "percent": 12, "sort_numbers": 4}
    make(TasksConfig(counts=counts), tmp_path / "tasks", report=lambda *_: None)
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    config = DatasetConfig(key="demo-v1", source="a test")
    build(config, tmp_path, now=lambda: moment, report=lambda *_: None)
    _write_smoke(tmp_path, versions=HERE)
    return tmp_path


def _id(workspace: Path) -> str:
    return read_record(workspace / "datasets/demo-v1/manifest.json", Dataset).id


def _plant_a_wrong_claim(workspace: Path) -> str:
    """Change a claim, give the trace its id and the manifest its digests; return the trace's id."""
    folder = workspace / "datasets/demo-v1"
    path = folder / "traces/train.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    values = orjson.loads(lines[3])
    values["steps"][1]["claim"]["result"] = 4 if values["steps"][1]["claim"]["result"] != 4 else 5
    content = {key: value for key, value in values.items() if key != "id"}
    data = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    values["id"] = hashlib.sha256(data).hexdigest()
    lines[3] = orjson.dumps(values, option=orjson.OPT_SORT_KEYS) + b"\n"
    path.write_bytes(b"".join(lines))
    manifest = read_record(folder / "manifest.json", Dataset)
    files = tuple(_described(folder, file.path) for file in manifest.files)
    fields = {name: getattr(manifest, name) for name in Dataset.model_fields if name != "id"}
    write_record(folder / "manifest.json", Dataset.make(**fields | {"files": files}))
    return str(values["id"])


def _described(folder: Path, path: str) -> DataFile:
    data = (folder / path).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return DataFile(path=path, sha256=digest, rows=data.count(b"\n"), bytes=len(data))


def test_a_sound_dataset_may_be_trained_on_for_long(workspace: Path) -> None:
    with pytest.raises(NotJudged):
        require_ready(LONG, _id(workspace), workspace)
    assert stage.run(JUDGE, workspace)["checked"] == 35
    require_ready(LONG, _id(workspace), workspace)


def test_a_wrong_claim_stops_the_training_with_the_id_of_its_trace(workspace: Path) -> None:
    stage.run(JUDGE, workspace)
    offender = _plant_a_wrong_claim(workspace)
    with pytest.raises(NotJudged, match="it is about dataset "):
        require_ready(LONG, _id(workspace), workspace)
    told = rf"\n  replay {offender[:16]} at traces/train.jsonl line 4 /steps/1: "
    with pytest.raises(GateRed, match=told):
        stage.run(JUDGE, workspace)
    with pytest.raises(NotReady, match=told):
        require_ready(LONG, _id(workspace), workspace)


@pytest.mark.parametrize("smoke", ["missing", "red", "of another trainer", "of another jax"])
def test_a_smoke_that_proves_nothing_stops_the_training(workspace: Path, smoke: str) -> None:
    if smoke == "missing":
        (workspace / "evidence/train-smoke.json").unlink()
    elif smoke == "red":
        _write_smoke(workspace, failed=1, versions=HERE)
    elif smoke == "of another trainer":
        _write_smoke(workspace, versions={**HERE, "trainer_source": "e" * 64})
    else:
        _write_smoke(workspace, versions={**HERE, "jax": "0.0.1"})
    with pytest.raises(GateRed, match="1 critical fault\n  smoke "):
        stage.run(JUDGE, workspace)
    with pytest.raises(NotReady, match=r"run: tracemill train smoke$"):
        require_ready(LONG, _id(workspace), workspace)


def test_a_smoke_that_turned_red_after_it_was_judged_stops_the_training(workspace: Path) -> None:
    stage.run(JUDGE, workspace)
    _write_smoke(workspace, failed=1, versions=HERE)
    with pytest.raises(NotJudged, match="is not the smoke evidence that was judged"):
        require_ready(LONG, _id(workspace), workspace)
    with pytest.raises(GateRed, match=r"is not green \(3 checked, 1 failed, 0 skipped\)"):
        stage.run(JUDGE, workspace)


def test_red_evidence_that_was_edited_stops_the_training(workspace: Path) -> None:
    _write_smoke(workspace, failed=1, versions=HERE)
    with pytest.raises(GateRed):
        stage.run(JUDGE, workspace)
    path = workspace / "evidence/readiness.json"
    path.write_bytes(path.read_bytes().replace(b'"failed":1', b'"failed":0'))
    with pytest.raises(NotJudged, match="its digest is not the one in readiness.json.sha256"):
        require_ready(LONG, _id(workspace), workspace)
