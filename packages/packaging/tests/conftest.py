"""A small workspace with everything a rehearsal needs, made of real records."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_bundle.build import Built
from tracemill_bundle.stage import BundleConfig, bundle
from tracemill_schema.canonical import JsonObject, file_digest, tree_digest
from tracemill_schema.dataset import Counts, DataFile, Dataset, OverlapReport
from tracemill_schema.evaluation import Evaluation, ItemVerdict, wilson
from tracemill_schema.evidence import Digest, Predicate, Subject, statement
from tracemill_schema.jsonl import read_record, write_record, write_records
from tracemill_schema.training import Checkpoint, Device, Loss, Training

THEN = "2024-05-01T12:00:00Z"
ONE, TWO = "1" * 64, "2" * 64
TREE = "a" * 40

Evidence = Callable[..., Path]


def _dataset(folder: Path, licences: dict[str, int]) -> Dataset:
    data = folder / "traces" / "train.jsonl"
    data.parent.mkdir(parents=True)
    data.write_bytes(b'{"any":"bytes"}\n')
    file = DataFile(
        path="traces/train.jsonl", sha256=file_digest(data), rows=1, bytes=data.stat().st_size
    )
    counts = Counts(
        total=3,
        source={"procedural": 3},
        family={"modular_chain": 3},
        split={"train": 2, "test": 1},
        bucket={"short": 3},
    )
    record = Dataset.make(
        key="tiny-v1",
        version=1,
        created_at=THEN,
        source="a test",
        schema_versions={"trace.v1": "1"},
        generator_version="test 1",
        source_tree=ONE,
        seed=0,
        counts=counts,
        files=(file,),
        split_rule="hash",
        overlap=OverlapReport(duplicates_removed=1, overlap_between_splits=0, method="exact"),
        licences=licences,
    )
    write_record(folder / "manifest.json", record)
    return record


def _model(folder: Path, dataset: Dataset, objective: str) -> Training:
    checkpoint = folder / "checkpoints" / "2"
    (checkpoint / "d").mkdir(parents=True)
    (checkpoint / "_METADATA").write_text(objective)
    (checkpoint / "d" / "0.0").write_bytes(bytes(range(256)))
    (folder / "loss.svg").write_text("<svg/>")
    record = Training(
        model="tiny",
        objective=objective,
        parameters=1000,
        base_weights="random:0",
        dataset_id=dataset.id,
        dataset_key=dataset.key,
        config={"width": 8},
        seed=0,
        device=Device(kind="cpu", count=1),
        steps=2,
        tokens=200,
        trained_tokens=100,
        wall_seconds=1.5,
        stopped_by="max_steps",
        losses=(Loss(step=2, loss=1.25, tokens=200),),
        checkpoints=(
            Checkpoint(step=0, path="checkpoints/0", sha256=TWO),
            Checkpoint(step=2, path="checkpoints/2", sha256=tree_digest(checkpoint, "**/*")),
        ),
        versions={"jax": "0.0", "trainer_source": TWO},
        finished_at=THEN,
    )
    write_record(folder / "run_manifest.json", record)
    return record


def _evaluation(folder: Path, checkpoint: str) -> str:
    item = ItemVerdict(
        question_id=ONE,
        family="modular_chain",
        source="procedural",
        difficulty=1.0,
        sample=0,
        correct=True,
        reason="correct",
        formatted=True,
        valid_steps=1.0,
    )
    write_records(folder / "items.jsonl", (item,))
    rate = wilson(1, 1)
    record = Evaluation(
        model="tiny",
        checkpoint=checkpoint,
        evaluation_set=ONE,
        items_file="items.jsonl",
        items_sha256=file_digest(folder / "items.jsonl"),
        samples_per_item=1,
        n_items=1,
        n_scored=1,
        pass_at_1=rate,
        pass_at_k=rate,
        format_rate=rate,
        step_validity=wilson(0, 0),
        by_family={"modular_chain": rate},
        by_difficulty={"1": rate},
        by_source={"procedural": rate},
    )
    write_record(folder / "eval_summary.json", record)
    return file_digest(folder / "eval_summary.json")


def _evidence(
    path: Path,
    *,
    device: str = "cpu",
    failed: int = 0,
    skipped: int = 0,
    versions: dict[str, str] | None = None,
    **subjects: str,
) -> Path:
    passed = 0 if subjects.pop("nothing", "") else 5
    found = tuple(
        Subject(
            name=name,  # type: ignore[arg-type] # a keyword is a str; the record checks it
            digest=Digest(gitTree=value) if name == "tree" else Digest(sha256=value),
        )
        for name, value in subjects.items()
    )
    predicate = Predicate(
        gate=path.stem,
        passed=passed,
        failed=failed,
        skipped=skipped,
        checked=passed + failed + skipped,
        device=device,
        versions=versions or {"python": "3.11"},
        started=THEN,
        finished=THEN,
    )
    write_record(path, statement(subjects=found, predicate=predicate))
    path.with_name(path.name + ".sha256").write_text(f"{file_digest(path)}  {path.name}\n")
    return path


@pytest.fixture
def make_evidence() -> Evidence:
    """Return a function that writes green evidence; its keywords change what it says."""
    return _evidence


def _workspace(folder: Path, licences: dict[str, int]) -> Path:
    dataset = _dataset(folder / "datasets" / "tiny-v1", licences)
    proof = folder / "evidence"
    _evidence(proof / "dataset.json", dataset=dataset.id)
    _evidence(proof / "readiness.json", dataset=dataset.id, versions={"trainer_source": TWO})
    for name in ("traces", "answers"):
        training = _model(folder / "models" / name, dataset, name)
        last = training.checkpoints[-1].sha256
        digest = _evaluation(folder / "evaluations" / name, last)
        _evidence(proof / f"train-{name}.json", dataset=dataset.id, model=last)
        _evidence(proof / f"evaluate-{name}.json", model=last, evaluation=digest)
    return folder


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two models and all evidence of stages; only to be copied."""
    return _workspace(tmp_path_factory.mktemp("template"), {"CC0-1.0": 3})


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Path:
    """A workspace with two models and all evidence of stages."""
    return Path(shutil.copytree(template, tmp_path / "workspace"))


@pytest.fixture
def workspace_of(tmp_path: Path) -> Callable[[dict[str, int]], Path]:
    """Return a function that makes a workspace whose data has these licences."""
    return lambda licences: _workspace(tmp_path / "licensed", licences)


@pytest.fixture
def make_final(make_evidence: Evidence) -> Callable[..., Path]:
    """Return a function that adds the evidence that only a final bundle needs."""

    def make(
        workspace: Path,
        device: str = "TPU v5 lite x 1",
        tree: str = TREE,
        *,
        source: str = ONE,
        trainer: str = TWO,
    ) -> Path:
        folder = workspace / "gate"
        versions = {"source_tree": source, "trainer_source": trainer}
        make_evidence(folder / "gate.json", tree=TREE, versions=versions)
        make_evidence(folder / "oci.json", tree=TREE)
        make_evidence(folder / "train-smoke.json", tree=tree, device=device)
        return folder

    return make


@pytest.fixture
def config() -> JsonObject:
    """The stage's config for the workspace."""
    return {
        "dataset": "datasets/tiny-v1",
        "models": ["models/traces", "models/answers"],
        "evaluations": ["evaluations/traces", "evaluations/answers"],
        "evidence": "evidence",
        "out": "bundle",
        "name": "demo",
        "rehearsal": True,
    }


@pytest.fixture
def build_bundle(config: JsonObject) -> Callable[..., Built]:
    """Return a function that builds a bundle; its keywords change the config."""

    def make(workspace: Path, key: Path | None = None, **changes: object) -> Built:
        record = BundleConfig.from_values({**config, **changes}, where="test")
        return bundle(record, workspace, key=key, progress=lambda *_: None)

    return make


@pytest.fixture
def archive_file(workspace: Path, build_bundle: Callable[..., Built]) -> Path:
    """A rehearsal bundle."""
    return build_bundle(workspace).path


@pytest.fixture
def dataset_id(workspace: Path) -> str:
    """The id of the workspace's dataset."""
    return read_record(workspace / "datasets/tiny-v1/manifest.json", Dataset).id
