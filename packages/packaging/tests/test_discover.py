"""What a workspace holds that can be bundled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tracemill_bundle import discover
from tracemill_bundle.errors import BundleUsage


def test_the_parts_are_found_in_sorted_order(workspace: Path) -> None:
    assert discover.dataset(workspace) == "datasets/tiny-v1"
    assert discover.models(workspace) == ("models/answers", "models/traces")
    assert discover.evaluations(workspace) == ("evaluations/answers", "evaluations/traces")


def test_two_datasets_must_be_chosen_from(workspace: Path) -> None:
    shutil.copytree(workspace / "datasets/tiny-v1", workspace / "datasets/tiny-v2")
    message = "wanted one dataset, got datasets/tiny-v1, datasets/tiny-v2; use --dataset"
    with pytest.raises(BundleUsage, match=message):
        discover.dataset(workspace)


def test_an_unfinished_model_is_none(workspace: Path) -> None:
    for name in ("answers", "traces"):
        (workspace / "models" / name / "run_manifest.json").unlink()
    with pytest.raises(BundleUsage, match="wanted folders with run_manifest.json, got none"):
        discover.models(workspace)
