"""What a workspace holds that can be bundled."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_bundle import discover
from tracemill_bundle.build import Built
from tracemill_bundle.errors import BundleUsage


def test_the_parts_are_found_in_sorted_order(workspace: Path) -> None:
    assert discover.dataset(workspace) == "datasets/tiny-v1"
    assert discover.evaluations(workspace) == ("evaluations/answers", "evaluations/traces")
    shutil.rmtree(workspace / "models/answers")
    assert discover.models(workspace, "bundle") == ("models/traces",)


def test_of_several_models_the_one_of_the_last_bundle_is_the_subject(
    workspace: Path, build_bundle: Callable[..., Built]
) -> None:
    several = "wanted one model, got models/answers, models/traces; name the subject first"
    with pytest.raises(BundleUsage, match=several):
        discover.models(workspace, "bundle")
    build_bundle(workspace)
    assert discover.models(workspace, "bundle") == ("models/traces", "models/answers")
    (workspace / "bundle/manifest.json").write_text("{}")
    with pytest.raises(BundleUsage, match=several):
        discover.models(workspace, "bundle")


def test_what_was_set_aside_is_not_found(workspace: Path) -> None:
    shutil.rmtree(workspace / "models/answers")
    shutil.copytree(workspace / "models/traces", workspace / "models/traces.before-12")
    shutil.copytree(workspace / "evaluations/traces", workspace / "evaluations/traces.before-1")
    assert discover.models(workspace, "bundle") == ("models/traces",)
    assert discover.evaluations(workspace) == ("evaluations/answers", "evaluations/traces")


@pytest.mark.parametrize(
    ("dataset", "name"),
    [("datasets/demo-v1", "demo"), ("datasets/a-v2-v13", "a-v2"), ("datasets/plain", "plain")],
)
def test_a_bundle_is_called_as_its_dataset(dataset: str, name: str) -> None:
    assert discover.name(dataset) == name


def test_two_datasets_must_be_chosen_from(workspace: Path) -> None:
    shutil.copytree(workspace / "datasets/tiny-v1", workspace / "datasets/tiny-v2")
    message = "wanted one dataset, got datasets/tiny-v1, datasets/tiny-v2; use --dataset"
    with pytest.raises(BundleUsage, match=message):
        discover.dataset(workspace)


def test_an_unfinished_model_is_none(workspace: Path) -> None:
    for name in ("answers", "traces"):
        (workspace / "models" / name / "run_manifest.json").unlink()
    with pytest.raises(BundleUsage, match="wanted folders with run_manifest.json, got none"):
        discover.models(workspace, "bundle")
