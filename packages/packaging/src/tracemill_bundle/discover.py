"""What a workspace holds that can be bundled, so that a person need not name it."""

from __future__ import annotations

import re
from pathlib import Path

from tracemill_bundle.errors import BundleUsage
from tracemill_bundle.material import DATASET, SUMMARY, TRAINING
from tracemill_bundle.verify import MANIFEST
from tracemill_schema.bundle import Bundle
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_record
from tracemill_schema.training import Training

SET_ASIDE = re.compile(r"\.before-\d+$")
"""How a folder ends that the trainer set aside when it began anew."""
VERSION = re.compile(r"-v\d+$")


def dataset(workspace: Path) -> str:
    """Return the only dataset of a workspace.

    Raises:
        BundleUsage: there is none, or several to choose from.
    """
    found = _holding(workspace, "datasets", Path(DATASET).name)
    if len(found) != 1:
        got = ", ".join(found) or "none"
        raise BundleUsage(f"{workspace}/datasets: wanted one dataset, got {got}; use --dataset")
    return found[0]


def name(dataset: str) -> str:
    """Return the name of a bundle: the dataset's key without its version."""
    return VERSION.sub("", Path(dataset).name)


def models(workspace: Path, out: str) -> tuple[str, ...]:
    """Return all finished models of a workspace, the subject first, the others sorted.

    Of several, the subject is the model that the bundle in the folder ``out`` is about.

    Raises:
        BundleUsage: there is none, or nothing says which of several is the subject.
    """
    found = _some(workspace, "models", TRAINING, "--model")
    if len(found) == 1:
        return found
    subject = _subject(workspace, workspace / out / MANIFEST, found)
    if subject is None:
        raise BundleUsage(
            f"{workspace}/models: wanted one model, got {', '.join(found)}; "
            "name the subject first, then the others, each with --model"
        )
    return (subject, *(model for model in found if model != subject))


def _subject(workspace: Path, manifest: Path, models: tuple[str, ...]) -> str | None:
    try:
        digest = read_record(manifest, Bundle).model
    except RecordError:
        return None
    for model in models:
        training = read_record(workspace / model / TRAINING, Training)
        if training.checkpoints[-1].sha256 == digest:
            return model
    return None


def evaluations(workspace: Path) -> tuple[str, ...]:
    """Return all evaluations of a workspace, sorted; raises BundleUsage if there is none."""
    return _some(workspace, "evaluations", SUMMARY, "--evaluation")


def _some(workspace: Path, top: str, file: str, option: str) -> tuple[str, ...]:
    found = _holding(workspace, top, file)
    if not found:
        raise BundleUsage(
            f"{workspace}/{top}: wanted folders with {file}, got none; "
            f"make them with `tracemill run`, or name one with {option}"
        )
    return found


def _holding(workspace: Path, top: str, file: str) -> tuple[str, ...]:
    paths = sorted((workspace / top).glob(f"*/{file}"))
    folders = (path.parent for path in paths if not SET_ASIDE.search(path.parent.name))
    return tuple(folder.relative_to(workspace).as_posix() for folder in folders)
