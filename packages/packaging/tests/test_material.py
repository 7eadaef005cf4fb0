"""The parts of a bundle must be about each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_bundle import material
from tracemill_bundle.build import Built
from tracemill_bundle.errors import BundleBroken, BundleRefused
from tracemill_bundle.shelf import StagedShelf
from tracemill_schema.canonical import tree_digest
from tracemill_schema.evaluation import Evaluation
from tracemill_schema.jsonl import read_record, write_record
from tracemill_schema.training import Training

Build = Callable[..., Built]
OTHER = "e" * 64


def test_a_model_of_another_dataset_is_refused(workspace: Path, build_bundle: Build) -> None:
    path = workspace / "models/traces/run_manifest.json"
    write_record(path, read_record(path, Training).replace(dataset_id=OTHER))
    message = "models/traces: was trained on dataset eeeeeeeeeeeeeeee, not on "
    with pytest.raises(BundleRefused, match=message):
        build_bundle(workspace)


def test_an_evaluation_of_no_model_here_is_refused(workspace: Path, build_bundle: Build) -> None:
    path = workspace / "evaluations/traces/eval_summary.json"
    write_record(path, read_record(path, Evaluation).replace(checkpoint=OTHER))
    with pytest.raises(BundleRefused) as caught:
        build_bundle(workspace)
    assert caught.value.reasons == (
        "evaluations/traces: is about checkpoint eeeeeeeeeeeeeeee, of no model here",
    )


def test_an_evaluation_of_the_untrained_start_belongs(
    workspace: Path, build_bundle: Build, make_evidence: Callable[..., Path]
) -> None:
    path = workspace / "evaluations/traces/eval_summary.json"
    start = read_record(workspace / "models/traces/run_manifest.json", Training).checkpoints[0]
    write_record(path, read_record(path, Evaluation).replace(checkpoint=start.sha256))
    proof = workspace / "evidence/evaluate-traces.json"
    make_evidence(proof, model=start.sha256, evaluation=_sha(path))
    assert build_bundle(workspace).manifest.status == "rehearsal"


def test_missing_items_are_refused(workspace: Path, build_bundle: Build) -> None:
    (workspace / "evaluations/traces/items.jsonl").unlink()
    with pytest.raises(BundleRefused, match="traces/items.jsonl: wanted the file, got none"):
        build_bundle(workspace)


def test_a_checkpoint_has_the_digest_of_its_folder(workspace: Path) -> None:
    folder = workspace / "models/traces/checkpoints/2"
    files = {f"m/{p.relative_to(folder)}": p for p in folder.rglob("*") if p.is_file()}
    found = material.checkpoint_digest(StagedShelf({**files, "mm/x": b"x"}), "m")
    assert found == tree_digest(folder, "**/*")


def test_a_record_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material, "MAX_RECORD_BYTES", 3)
    with pytest.raises(BundleBroken, match="a: wanted at most 3 bytes, got more"):
        material.content(StagedShelf({"a": b"1234"}), "a")


def test_a_bundle_without_models_is_none(workspace: Path) -> None:
    manifest = workspace / "datasets/tiny-v1/manifest.json"
    shelf = StagedShelf({"dataset/manifest.json": manifest})
    assert tuple(material.faults(shelf, material.load(shelf))) == (
        "wanted at least one model, got none",
        "wanted at least one evaluation, got none",
    )


def _sha(path: Path) -> str:
    return StagedShelf({"a": path}).stamp("a").sha256
