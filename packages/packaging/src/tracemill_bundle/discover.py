"""What a workspace holds that can be bundled, so that a person need not name it."""

from __future__ import annotations

from pathlib import Path

from tracemill_bundle.errors import BundleUsage
from tracemill_bundle.material import DATASET, SUMMARY, TRAINING


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


def models(workspace: Path) -> tuple[str, ...]:
    """Return all finished models of a workspace, sorted; raises BundleUsage if there is none."""
    return _some(workspace, "models", TRAINING, "--model")


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
    return tuple(path.parent.relative_to(workspace).as_posix() for path in paths)
