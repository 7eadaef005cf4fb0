"""Building: refuses without evidence, bit-identical, never half-written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_bundle.build import Built
from tracemill_bundle.errors import BundleRefused
from tracemill_bundle.verify import verify
from tracemill_schema.bundle import Bundle
from tracemill_schema.jsonl import CannotWrite, read_record

Build = Callable[..., Built]
GATE = (
    "evidence/gate.json: missing; "
    "make it: nox -s gate, and name its evidence folder with --gate-evidence"
)
ENGINE = (
    "evidence/oci.json: missing; "
    "make it: nox -s oci on a machine with Docker or Podman, as docs/gate.md says"
)
SMOKE = (
    "evidence/train-smoke.json: missing; make it: "
    "tracemill train smoke on a machine with a TPU or GPU, as docs/gate.md says"
)


def test_a_rehearsal_says_what_keeps_it_from_being_final(
    workspace: Path, build_bundle: Build
) -> None:
    built = build_bundle(workspace)
    assert built.manifest.status == "rehearsal"
    assert built.manifest.rehearsal_reasons == (GATE, ENGINE, SMOKE)
    assert read_record(workspace / "bundle/manifest.json", Bundle) == built.manifest
    assert [file.path for file in built.manifest.files] == [
        "DATA_CARD.md",
        "LICENSES.md",
        "MODEL_CARD.md",
        "code.json",
        "dataset/manifest.json",
        "evaluations/answers/eval_summary.json",
        "evaluations/answers/items.jsonl",
        "evaluations/traces/eval_summary.json",
        "evaluations/traces/items.jsonl",
        "evidence/dataset.json",
        "evidence/evaluate-answers.json",
        "evidence/evaluate-traces.json",
        "evidence/readiness.json",
        "evidence/train-answers.json",
        "evidence/train-traces.json",
        "models/answers/checkpoints/2/_METADATA",
        "models/answers/checkpoints/2/d/0.0",
        "models/answers/loss.svg",
        "models/answers/run_manifest.json",
        "models/traces/checkpoints/2/_METADATA",
        "models/traces/checkpoints/2/d/0.0",
        "models/traces/loss.svg",
        "models/traces/run_manifest.json",
    ]


def test_two_builds_are_bit_identical_and_the_second_in_place_writes_nothing(
    workspace: Path, tmp_path: Path, build_bundle: Build
) -> None:
    first = build_bundle(workspace)
    data = first.path.read_bytes()
    again = build_bundle(workspace)
    assert (first.reused, again.reused) == (False, True)
    other = tmp_path / "elsewhere"
    shutil.copytree(workspace, other)
    shutil.rmtree(other / "bundle")
    for path in other.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert build_bundle(other).path.read_bytes() == data == again.path.read_bytes()


def test_a_broken_archive_in_place_is_built_again(workspace: Path, build_bundle: Build) -> None:
    path = build_bundle(workspace).path
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    assert not build_bundle(workspace).reused
    assert path.read_bytes() == whole


def test_without_evidence_nothing_is_built_and_all_that_is_missing_is_listed(
    workspace: Path, build_bundle: Build
) -> None:
    shutil.rmtree(workspace / "evidence")
    with pytest.raises(BundleRefused) as caught:
        build_bundle(workspace)
    assert caught.value.exit_code == 1
    train = "make it: run the stage train of this model (tracemill run)"
    evaluate = "make it: run the stage evaluate of this model (tracemill run)"
    assert str(caught.value).splitlines() == [
        "no rehearsal without its evidence:",
        "  evidence/dataset.json: missing; make it: run the stage dataset (tracemill run)",
        "  evidence/readiness.json: missing; make it: run the stage readiness (tracemill run)",
        f"  evidence/train-answers.json: missing; {train}",
        f"  evidence/train-traces.json: missing; {train}",
        f"  evidence/evaluate-answers.json: missing; {evaluate}",
        f"  evidence/evaluate-traces.json: missing; {evaluate}",
    ]
    assert not (workspace / "bundle").exists()


def test_a_final_bundle_is_refused_for_want_of_the_gate(
    workspace: Path, build_bundle: Build
) -> None:
    with pytest.raises(BundleRefused) as caught:
        build_bundle(workspace, rehearsal=False)
    assert str(caught.value).splitlines() == [
        "no final bundle without its evidence:",
        f"  {GATE}",
        f"  {ENGINE}",
        f"  {SMOKE}",
    ]


def test_with_all_evidence_it_is_final(
    workspace: Path, build_bundle: Build, make_final: Callable[..., Path]
) -> None:
    make_final(workspace)
    built = build_bundle(workspace, rehearsal=False, gate_evidence="gate")
    assert built.manifest.status == "final"
    assert verify(built.path, key=None).manifest.rehearsal_reasons == ()


def test_a_rehearsal_that_lacks_nothing_says_that_it_was_asked_for(
    workspace: Path, build_bundle: Build, make_final: Callable[..., Path]
) -> None:
    make_final(workspace)
    built = build_bundle(workspace, gate_evidence="gate")
    assert built.manifest.rehearsal_reasons == ("it was asked for as a rehearsal",)


def test_files_name_what_they_were_made_from_and_their_licence(
    workspace: Path, build_bundle: Build, dataset_id: str
) -> None:
    files = {file.path: file for file in build_bundle(workspace).manifest.files}
    assert files["models/traces/loss.svg"].made_from == (dataset_id,)
    assert files["evaluations/traces/items.jsonl"].licence == "CC0-1.0"
    assert files["models/traces/checkpoints/2/d/0.0"].licence == "Apache-2.0"


def test_no_time_of_the_build_is_in_the_manifest(workspace: Path, build_bundle: Build) -> None:
    text = json.dumps(build_bundle(workspace).manifest.to_values())
    assert 'Z"' not in text


def test_a_full_disk_leaves_the_old_bundle_and_nothing_half_written(
    workspace: Path, build_bundle: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build_bundle(workspace).path
    before = path.read_bytes()
    (workspace / "models/traces/loss.svg").write_text("<svg>new</svg>")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        build_bundle(workspace)
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == ["demo.zip", "manifest.json"]
