from __future__ import annotations

from pathlib import Path

import pytest

from tracemill.pipeline import stages
from tracemill.settings import Settings
from tracemill.stamp import Stamp
from tracemill.standing import Standing
from tracemill.summary import lines, summarise
from tracemill_schema.bundle import Bundle, BundleFile
from tracemill_schema.canonical import JsonObject
from tracemill_schema.dataset import Counts, DataFile, Dataset, OverlapReport
from tracemill_schema.errors import RecordError
from tracemill_schema.evaluation import Evaluation, wilson
from tracemill_schema.jsonl import write_record
from tracemill_schema.training import Checkpoint, Device, Loss, Training

ZERO, NOW = "0" * 64, "2026-01-01T00:00:00Z"
RESULTS: dict[str, JsonObject] = {
    "tables": {"tables": 8},
    "questions": {"template": 90, "procedural": 80, "rejected": {"tie": 3}},
    "tasks": {"items": 1200},
    "episodes": {"verified": 160, "rejected": {"tie": 1, "code_error": 2}},
}


def _dataset() -> Dataset:
    return Dataset.make(
        key="demo-v1",
        version=1,
        created_at=NOW,
        source="tests",
        schema_versions={},
        generator_version="1",
        source_tree=ZERO,
        seed=0,
        counts=Counts(total=1360, source={}, family={}, split={}, bucket={}),
        files=(DataFile(path="a", sha256=ZERO, rows=1, bytes=1),),
        split_rule="hash",
        overlap=OverlapReport(duplicates_removed=0, overlap_between_splits=0, method="exact"),
        licences={},
    )


def _training(name: str) -> Training:
    return Training(
        model=name,
        objective=name,
        parameters=1,
        base_weights="random:0",
        dataset_id=ZERO,
        dataset_key="demo-v1",
        config={},
        seed=0,
        device=Device(kind="cpu", count=1),
        steps=366,
        tokens=750_000,
        trained_tokens=1,
        wall_seconds=61.4,
        stopped_by="max_tokens",
        losses=tuple(Loss(step=s, loss=3.0 / s, tokens=s) for s in range(1, 40)),
        checkpoints=(Checkpoint(step=0, path="c", sha256=ZERO),),
        versions={},
        finished_at=NOW,
    )


def _evaluation(hits: int, steps: int) -> Evaluation:
    rate = wilson(hits, 300)
    return Evaluation(
        model="m",
        checkpoint=ZERO,
        evaluation_set=ZERO,
        items_file="items.jsonl",
        items_sha256=ZERO,
        samples_per_item=1,
        n_items=300,
        n_scored=300,
        pass_at_1=rate,
        pass_at_k=rate,
        format_rate=rate,
        step_validity=wilson(steps // 2, steps),
        by_family={},
        by_difficulty={},
        by_source={},
    )


def _bundle() -> Bundle:
    return Bundle.make(
        name="demo",
        status="rehearsal",
        rehearsal_reasons=("no evidence of the gate",),
        files=(BundleFile(path="a", sha256=ZERO, bytes=1, licence="CC0", made_from=()),),
        evidence={},
        dataset_id=ZERO,
        model=ZERO,
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The files of a finished run that the summary reads."""
    write_record(tmp_path / "datasets/demo-v1/manifest.json", _dataset())
    write_record(tmp_path / "bundle/manifest.json", _bundle())
    for name, hits, steps in (("traces", 273, 300), ("answers", 51, 0)):
        write_record(tmp_path / f"models/{name}/run_manifest.json", _training(name))
        write_record(tmp_path / f"evaluations/{name}/eval_summary.json", _evaluation(hits, steps))
        write_record(
            tmp_path / f"evaluations/{name}-before/eval_summary.json", _evaluation(0, steps)
        )
    return tmp_path


def _finished() -> tuple[Standing, ...]:
    return tuple(
        Standing(stage=stage, key=ZERO, stamp=_stamp(stage.name), stale=None)
        for stage in stages(Settings())
    )


def _stamp(stage: str) -> Stamp:
    result = RESULTS.get(stage, {})
    return Stamp(stage=stage, key=ZERO, outputs={}, result=result, seconds=1.0)


def test_everything_the_run_made_is_told(workspace: Path) -> None:
    text = "\n".join(lines(summarise(workspace, _finished())))
    for told in (
        "tables      8\n",
        "questions   90 template, 80 procedural, 1,200 reasoning families\n",
        "  not asked 3 tie\n",
        "episodes    160 verified\n",
        "  rejected  2 code_error, 1 tie\n",
        "traces      1,360\n",
        f"dataset     demo-v1  {_dataset().id}\n",
        "model traces: 366 steps, 750,000 tokens, 61 s\n",
        "accuracy  0.00 [0.00, 0.01] before, 0.91 [0.87, 0.94] after",
        "all steps of an answer replay in 0.50 [0.44, 0.56]",
        "accuracy  0.00 [0.00, 0.01] before, 0.17 [0.13, 0.22] after",
        f"bundle      {workspace}/bundle/demo.zip\n",
        "  - no evidence of the gate",
    ):
        assert told in text, told
    assert text.count("all steps of an answer") == 1, "bare answers have no steps to judge"


def test_a_missing_file_is_named(workspace: Path) -> None:
    (workspace / "bundle" / "manifest.json").unlink()
    with pytest.raises(RecordError, match="bundle/manifest.json is not a valid bundle"):
        summarise(workspace, _finished())
