"""Finds the files of a bundle in a workspace and gives each its path in the bundle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracemill_bundle.archive import SAFE_NAME
from tracemill_bundle.errors import BundleRefused
from tracemill_bundle.material import DATASET, ITEMS, SUMMARY, TRAINING
from tracemill_bundle.requirement import gates_of
from tracemill_bundle.shelf import StagedShelf
from tracemill_schema.canonical import file_digest
from tracemill_schema.dataset import Dataset
from tracemill_schema.jsonl import read_record
from tracemill_schema.readiness import READINESS_GATE
from tracemill_schema.seal import is_sealed, seal_path
from tracemill_schema.training import Training

LOSS_PLOT = "loss.svg"


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where the parts of a bundle lie.

    Attributes:
        dataset: Folder of the dataset.
        models: Folders of the models; the first is the one that the bundle is about.
        evaluations: Folders of the evaluations.
        evidence: Folder of the evidence files.
        gate_evidence: Folder of the evidence that carries a git tree; None if there is none.
    """

    dataset: Path
    models: tuple[Path, ...]
    evaluations: tuple[Path, ...]
    evidence: Path
    gate_evidence: Path | None


def collect(sources: Sources) -> StagedShelf:
    """Return the files of a bundle.

    Raises:
        RecordError: a manifest is missing or malformed.
        BundleRefused: the dataset's files are not those of its manifest, the gate's evidence is
            not as it was sealed, two parts have one name, or a file cannot have its name in a
            bundle.
    """
    if faults := tuple(_dataset_faults(sources.dataset)):
        raise BundleRefused(f"{sources.dataset} is not the dataset of its manifest:", faults)
    if faults := tuple(_seal_faults(sources)):
        raise BundleRefused("evidence of the gate was changed since it was recorded:", faults)
    found: dict[str, Path | bytes] = {}
    pairs = (*_dataset(sources), *_models(sources), *_evaluations(sources), *_evidence(sources))
    for name, path in pairs:
        if name in found:
            raise BundleRefused("two parts have the same name:", (f"{name}: {path}",))
        if not SAFE_NAME.fullmatch(name):
            raise BundleRefused("a file cannot have its name in a bundle:", (str(path),))
        found[name] = path
    return StagedShelf(found)


def _dataset_faults(folder: Path) -> Iterator[str]:
    """Hash every file of the dataset again: the bundle names them without holding them."""
    for file in read_record(folder / "manifest.json", Dataset).files:
        path = folder / file.path
        if not path.is_file():
            yield f"{file.path}: wanted the file, got none; run the stage dataset again"
        elif file_digest(path) != file.sha256:
            yield f"{file.path}: its digest is not that of the manifest; run the stage again"


def _dataset(sources: Sources) -> Iterator[tuple[str, Path]]:
    yield DATASET, sources.dataset / "manifest.json"


def _models(sources: Sources) -> Iterator[tuple[str, Path]]:
    for folder in sources.models:
        top = f"models/{folder.name}"
        training = read_record(folder / TRAINING, Training)
        last = training.checkpoints[-1].path
        yield f"{top}/{TRAINING}", folder / TRAINING
        for path in sorted((folder / last).rglob("*")):
            if path.is_file():
                yield f"{top}/{path.relative_to(folder).as_posix()}", path
        if (folder / LOSS_PLOT).is_file():
            yield f"{top}/{LOSS_PLOT}", folder / LOSS_PLOT


def _evaluations(sources: Sources) -> Iterator[tuple[str, Path]]:
    for folder in sources.evaluations:
        for name in (SUMMARY, ITEMS):
            if (folder / name).is_file():
                yield f"evaluations/{folder.name}/{name}", folder / name


def _seal_faults(sources: Sources) -> Iterator[str]:
    """Compare what the gate wrote, of a tree or of a dataset, with the seal beside it."""
    for gate, line in gates_of((), ()).items():
        tree = "tree" in line.about
        folder = sources.gate_evidence if tree else sources.evidence
        if folder is None or not (tree or gate == READINESS_GATE):
            continue
        path = folder / f"{gate}.json"
        if path.is_file() and not is_sealed(path):
            again = f"run the gate {gate!r} again"
            yield f"{path}: its digest is not the one in {seal_path(path).name}; {again}"


def _evidence(sources: Sources) -> Iterator[tuple[str, Path]]:
    models = tuple(folder.name for folder in sources.models)
    evaluations = tuple(folder.name for folder in sources.evaluations)
    for gate, line in gates_of(models, evaluations).items():
        folder = sources.gate_evidence if "tree" in line.about else sources.evidence
        if folder is not None and (folder / f"{gate}.json").is_file():
            yield f"evidence/{gate}.json", folder / f"{gate}.json"
