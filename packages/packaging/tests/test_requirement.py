"""Evidence must be green and about exactly the files of the bundle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_bundle.build import Built
from tracemill_bundle.errors import BundleRefused
from tracemill_bundle.requirement import REQUIREMENTS, gates_of, is_accelerator

Build = Callable[..., Built]
Make = Callable[..., Path]
OTHER = "f" * 64
AGAIN = "run the stage dataset (tracemill run)"

FAULTY = [
    (
        {"dataset": OTHER},
        "is about dataset ffffffffffffffff, not {id} of this bundle; make it again: " + AGAIN,
    ),
    (
        {"model": OTHER},
        "is about dataset none, not {id} of this bundle; make it again: " + AGAIN,
    ),
    (
        {"dataset": "", "failed": 2},
        "not green (7 checked, 2 failed, 0 skipped); mend what failed, then " + AGAIN,
    ),
    (
        {"dataset": "", "skipped": 1},
        "not green (6 checked, 0 failed, 1 skipped); mend what failed, then " + AGAIN,
    ),
    (
        {"dataset": "", "nothing": "yes"},
        "not green (0 checked, 0 failed, 0 skipped); mend what failed, then " + AGAIN,
    ),
]


@pytest.mark.parametrize("case", FAULTY)
def test_evidence_that_is_red_or_about_something_else_is_refused(
    workspace: Path,
    build_bundle: Build,
    make_evidence: Make,
    dataset_id: str,
    case: tuple[dict[str, object], str],
) -> None:
    changes, message = case
    if changes.get("dataset") == "":
        changes = {**changes, "dataset": dataset_id}
    make_evidence(workspace / "evidence/dataset.json", **changes)
    with pytest.raises(BundleRefused) as caught:
        build_bundle(workspace)
    wanted = message.replace("{id}", dataset_id[:16])
    assert caught.value.reasons == (f"evidence/dataset.json: {wanted}",)


def test_evidence_of_another_gate_is_refused(workspace: Path, build_bundle: Build) -> None:
    proof = workspace / "evidence"
    (proof / "train-traces.json").write_bytes((proof / "dataset.json").read_bytes())
    with pytest.raises(BundleRefused, match="train-traces.json: is about the gate 'dataset'"):
        build_bundle(workspace)


def test_an_additional_subject_that_does_not_fit_is_refused(
    workspace: Path, build_bundle: Build, make_evidence: Make, dataset_id: str
) -> None:
    make_evidence(workspace / "evidence/dataset.json", dataset=dataset_id, model=OTHER)
    build_bundle(workspace)  # the dataset's line knows no model, so it says nothing of it
    make_evidence(workspace / "evidence/train-traces.json", dataset=dataset_id, model=OTHER)
    with pytest.raises(BundleRefused, match="is about model ffffffffffffffff"):
        build_bundle(workspace)


FINAL = [
    ({"device": "cpu"}, "evidence/train-smoke.json: ran on cpu, wanted an accelerator"),
    ({"device": "AMD EPYC 9654"}, "evidence/train-smoke.json: ran on AMD EPYC 9654, wanted an"),
    ({"device": "toaster"}, "evidence/train-smoke.json: ran on toaster, wanted an accelerator"),
    ({"tree": "b" * 40}, "evidence/train-smoke.json: is about another tree than evidence/gate"),
    (
        {"source": OTHER},
        "evidence/gate.json: its tree has the data generator ffffffffffffffff, the dataset was",
    ),
    (
        {"trainer": OTHER},
        "evidence/gate.json: its tree has the trainer ffffffffffffffff, model answers was trained",
    ),
]


@pytest.mark.parametrize(("changes", "message"), FINAL)
def test_a_final_bundle_wants_an_accelerator_and_one_tree(
    workspace: Path, build_bundle: Build, make_final: Make, changes: dict[str, str], message: str
) -> None:
    make_final(workspace, **changes)
    with pytest.raises(BundleRefused, match=message):
        build_bundle(workspace, rehearsal=False, gate_evidence="gate")
    reasons = build_bundle(workspace, gate_evidence="gate").manifest.rehearsal_reasons
    assert reasons[0].startswith(message)


def test_a_final_bundle_wants_a_container_engine_that_held_this_tree(
    workspace: Path, build_bundle: Build, make_final: Make, make_evidence: Make
) -> None:
    of_the_engine = make_final(workspace) / "oci.json"
    make_evidence(of_the_engine, tree="b" * 40)
    message = "evidence/oci.json: is about another tree than evidence/gate.json; nox -s oci on a"
    with pytest.raises(BundleRefused, match=message):
        build_bundle(workspace, rehearsal=False, gate_evidence="gate")
    of_the_engine.unlink()
    with pytest.raises(BundleRefused, match="evidence/oci.json: missing; make it: nox -s oci on a"):
        build_bundle(workspace, rehearsal=False, gate_evidence="gate")
    assert build_bundle(workspace, gate_evidence="gate").manifest.status == "rehearsal"


@pytest.mark.parametrize(
    "device", ["TPU v5 lite x 1", "NVIDIA H200 x 1", "Tesla T4", "AMD Instinct MI300X", "gfx942"]
)
def test_accelerators_are_known_by_their_words(device: str) -> None:
    assert is_accelerator(device)
    assert not is_accelerator(f"cpu (no {device})")


def test_evidence_that_names_no_generator_does_not_make_it_final(
    workspace: Path, build_bundle: Build, make_final: Make, make_evidence: Make
) -> None:
    make_evidence(make_final(workspace) / "gate.json", tree="a" * 40)
    message = "evidence/gate.json: its tree has the data generator none, the dataset was made by"
    with pytest.raises(BundleRefused, match=message):
        build_bundle(workspace, rehearsal=False, gate_evidence="gate")


def test_readiness_must_have_been_judged_for_the_trainer_of_the_tree(
    workspace: Path, build_bundle: Build, make_final: Make, make_evidence: Make, dataset_id: str
) -> None:
    make_final(workspace)
    assert build_bundle(workspace, rehearsal=False, gate_evidence="gate").manifest.status == "final"
    make_evidence(
        workspace / "evidence/readiness.json",
        dataset=dataset_id,
        versions={"trainer_source": OTHER},
    )
    message = "trainer 2222222222222222, its readiness was judged for ffffffffffffffff; train with"
    with pytest.raises(BundleRefused, match=message):
        build_bundle(workspace, rehearsal=False, gate_evidence="gate")


def test_a_tree_that_names_no_trainer_does_not_make_it_final(
    workspace: Path, build_bundle: Build, make_final: Make, make_evidence: Make, dataset_id: str
) -> None:
    gate = make_final(workspace) / "gate.json"
    make_evidence(gate, tree="a" * 40, versions={"source_tree": "1" * 64})
    make_evidence(workspace / "evidence/readiness.json", dataset=dataset_id)
    with pytest.raises(BundleRefused) as caught:
        build_bundle(workspace, rehearsal=False, gate_evidence="gate")
    assert [reason.partition(";")[0] for reason in caught.value.reasons] == [
        f"evidence/gate.json: its tree has the trainer none, {words}"
        for words in (
            "model answers was trained by 2222222222222222",
            "model traces was trained by 2222222222222222",
            "its readiness was judged for none",
        )
    ]


def test_no_bundle_without_readiness(workspace: Path, build_bundle: Build) -> None:
    (workspace / "evidence/readiness.json").unlink()
    with pytest.raises(BundleRefused) as caught:
        build_bundle(workspace)
    assert caught.value.reasons == (
        "evidence/readiness.json: missing; make it: run the stage readiness (tracemill run)",
    )


def test_gate_evidence_without_a_tree_does_not_make_it_final(
    workspace: Path, build_bundle: Build, make_final: Make, make_evidence: Make
) -> None:
    make_evidence(make_final(workspace) / "gate.json", model=OTHER)
    with pytest.raises(BundleRefused, match="evidence/gate.json: names no git tree"):
        build_bundle(workspace, rehearsal=False, gate_evidence="gate")


def test_an_unknown_licence_keeps_it_a_rehearsal(
    workspace_of: Callable[[dict[str, int]], Path], build_bundle: Build
) -> None:
    workspace = workspace_of({"unstated": 1, "CC0-1.0": 2})
    assert build_bundle(workspace).manifest.rehearsal_reasons[-1] == (
        "licence 'unstated' of the dataset is not known to be redistributable"
    )


def test_the_table_repeats_a_line_for_each_model_and_evaluation() -> None:
    gates = tuple(gates_of(("a", "b"), ("c",)))
    stages = ("dataset", "readiness", "train-a", "train-b", "evaluate-c")
    assert gates == (*stages, "gate", "oci", "train-smoke")
    assert len(REQUIREMENTS) == 7
