"""Finding the files of a bundle in a workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_bundle.build import Built
from tracemill_bundle.collect import Sources, collect
from tracemill_bundle.errors import BundleRefused
from tracemill_schema.errors import RecordError

Build = Callable[..., Built]


def sources(workspace: Path, **changes: object) -> Sources:
    values: dict[str, object] = {
        "dataset": workspace / "datasets/tiny-v1",
        "models": (workspace / "models/traces",),
        "evaluations": (workspace / "evaluations/traces",),
        "evidence": workspace / "evidence",
        "gate_evidence": None,
    }
    return Sources(**{**values, **changes})  # type: ignore[arg-type] # one line per changed field


def test_only_evidence_that_the_table_asks_for_is_taken(workspace: Path) -> None:
    (workspace / "evidence/lint.json").write_text("{}")
    names = [name for name in collect(sources(workspace)).names() if name.startswith("evidence/")]
    assert names == [
        "evidence/dataset.json",
        "evidence/evaluate-traces.json",
        "evidence/readiness.json",
        "evidence/train-traces.json",
    ]


def test_two_models_of_one_name_are_refused(workspace: Path) -> None:
    twice = (workspace / "models/traces", workspace / "models/../models/traces")
    with pytest.raises(BundleRefused, match="two parts have the same name"):
        collect(sources(workspace, models=twice))


def test_a_file_whose_name_a_bundle_cannot_hold_is_refused(workspace: Path) -> None:
    (workspace / "models/traces/checkpoints/2/a b").write_text("")
    with pytest.raises(BundleRefused, match="a file cannot have its name in a bundle"):
        collect(sources(workspace))


def test_a_missing_manifest_is_named(workspace: Path) -> None:
    (workspace / "models/traces/run_manifest.json").unlink()
    with pytest.raises(RecordError, match="run_manifest.json is not a valid training.v1") as caught:
        collect(sources(workspace))
    assert "wanted a readable file, got No such file or directory" in str(caught.value)


@pytest.mark.parametrize("gate", ["gate", "readiness"])
@pytest.mark.parametrize("change", ["edited", "unsealed"])
def test_gate_evidence_must_be_as_the_gate_sealed_it(
    workspace: Path,
    build_bundle: Callable[..., Built],
    make_final: Callable[..., Path],
    change: str,
    gate: str,
) -> None:
    folders = {"gate": make_final(workspace), "readiness": workspace / "evidence"}
    path = folders[gate] / f"{gate}.json"
    if change == "edited":
        path.write_bytes(path.read_bytes().replace(b'"checked":5', b'"checked":9'))
    else:
        path.with_name(f"{gate}.json.sha256").unlink()
    with pytest.raises(BundleRefused) as caught:
        build_bundle(workspace, gate_evidence="gate")
    assert str(caught.value) == (
        "evidence of the gate was changed since it was recorded:\n"
        f"  {path}: its digest is not the one in {gate}.json.sha256; run the gate '{gate}' again"
    )
