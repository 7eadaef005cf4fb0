"""What a bundle is about, read from its shelf, and whether its parts belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from tracemill_bundle.errors import BundleBroken
from tracemill_bundle.shelf import Shelf
from tracemill_schema.canonical import content_id
from tracemill_schema.dataset import Dataset
from tracemill_schema.evaluation import Evaluation
from tracemill_schema.evidence import Evidence
from tracemill_schema.record import Identified, Record
from tracemill_schema.training import Checkpoint, Training

DATASET = "dataset/manifest.json"
TRAINING = "run_manifest.json"
SUMMARY = "eval_summary.json"
ITEMS = "items.jsonl"
MAX_RECORD_BYTES = 64 * 1024 * 1024
"""A manifest of a million files is about this large; a larger one is refused before it is read."""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, kw_only=True)
class Model:
    """A trained model in a bundle; its last checkpoint is what the bundle hands over."""

    name: str
    training: Training

    @property
    def checkpoint(self) -> Checkpoint:
        """The last checkpoint."""
        return self.training.checkpoints[-1]


@dataclass(frozen=True, kw_only=True)
class Examination:
    """An evaluation in a bundle; ``digest`` is the SHA-256 of its summary file."""

    name: str
    summary: Evaluation
    digest: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """An evidence file in a bundle; ``digest`` is the SHA-256 of the file."""

    evidence: Evidence
    digest: str


@dataclass(frozen=True, kw_only=True)
class Material:
    """All records of a bundle, by name in sorted order."""

    dataset: Dataset
    models: tuple[Model, ...]
    evaluations: tuple[Examination, ...]
    proofs: dict[str, Proof]


def load(shelf: Shelf) -> Material:
    """Read the records of a bundle.

    Raises:
        RecordError: a record does not meet its contract.
        BundleBroken: a record that must be there is missing or too large.
    """
    return Material(
        dataset=_read(shelf, DATASET, Dataset),
        models=tuple(
            Model(name=name, training=_read(shelf, f"models/{name}/{TRAINING}", Training))
            for name in _folders(shelf, "models")
        ),
        evaluations=tuple(_examination(shelf, name) for name in _folders(shelf, "evaluations")),
        proofs={
            name.removeprefix("evidence/").removesuffix(".json"): Proof(
                evidence=_read(shelf, name, Evidence), digest=shelf.stamp(name).sha256
            )
            for name in shelf.names()
            if name.startswith("evidence/")
        },
    )


def faults(shelf: Shelf, material: Material) -> Iterator[str]:
    """Yield every way in which files and records do not belong together."""
    if not material.models:
        yield "wanted at least one model, got none"
    if not material.evaluations:
        yield "wanted at least one evaluation, got none"
    for model in material.models:
        yield from _model_faults(shelf, model, material.dataset)
    known = {c.sha256 for model in material.models for c in model.training.checkpoints}
    for found in material.evaluations:
        where = f"evaluations/{found.name}"
        if found.summary.checkpoint not in known:
            yield f"{where}: is about checkpoint {found.summary.checkpoint[:16]}, of no model here"
        items = f"{where}/{ITEMS}"
        if items not in shelf.names():
            yield f"{items}: wanted the file, got none"
        elif shelf.stamp(items).sha256 != found.summary.items_sha256:
            yield f"{items}: its digest is not the one in {SUMMARY}"


def _model_faults(shelf: Shelf, model: Model, dataset: Dataset) -> Iterator[str]:
    where = f"models/{model.name}"
    if model.training.dataset_id != dataset.id:
        got = f"{model.training.dataset_id[:16]}, not on {dataset.id[:16]}"
        yield f"{where}: was trained on dataset {got}"
    if checkpoint_digest(shelf, f"{where}/{model.checkpoint.path}") != model.checkpoint.sha256:
        yield f"{where}/{model.checkpoint.path}: its files are not those in {TRAINING}"


def checkpoint_digest(shelf: Shelf, folder: str) -> str:
    """Return the digest of a checkpoint folder, as ``canonical.tree_digest(folder, "**/*")``."""
    prefix = folder + "/"
    found = (name for name in shelf.names() if name.startswith(prefix))
    return content_id({name.removeprefix(prefix): shelf.stamp(name).sha256 for name in found})


def content(shelf: Shelf, name: str) -> bytes:
    """Return a whole file of bounded size.

    Raises:
        BundleBroken: it is missing or larger than a record may be.
    """
    if name not in shelf.names():
        raise BundleBroken("the bundle", (f"{name}: wanted the file, got none",))
    data = b""
    for block in shelf.chunks(name):
        data += block
        if len(data) > MAX_RECORD_BYTES:
            fault = f"{name}: wanted at most {MAX_RECORD_BYTES} bytes, got more"
            raise BundleBroken("the bundle", (fault,))
    return data


def _read(shelf: Shelf, name: str, kind: type[R]) -> R:
    record = kind.from_bytes(content(shelf, name), where=name)
    if isinstance(record, Identified):
        record.verify_id(where=name)
    return record


def _examination(shelf: Shelf, name: str) -> Examination:
    path = f"evaluations/{name}/{SUMMARY}"
    summary = _read(shelf, path, Evaluation)
    return Examination(name=name, summary=summary, digest=shelf.stamp(path).sha256)


def _folders(shelf: Shelf, top: str) -> tuple[str, ...]:
    parts = (name.split("/") for name in shelf.names())
    return tuple(sorted({part[1] for part in parts if part[0] == top and len(part) > 2}))
