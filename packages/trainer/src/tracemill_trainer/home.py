"""A model's folder: which training it belongs to, and where its parts lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tracemill_schema.canonical import ContentHash, Value, short, tree_digest
from tracemill_schema.example import Form
from tracemill_schema.jsonl import read_record, write_record
from tracemill_schema.record import Record
from tracemill_schema.training import Checkpoint, Training
from tracemill_trainer.config import OBJECTIVES, TrainConfig
from tracemill_trainer.errors import BadSetting, ModelAbsent, OtherTraining
from tracemill_trainer.versions import code_digest


class Identity(Record):
    """``training.json``: what decides the result of a training."""

    contract: ClassVar[str] = "training identity"

    dataset_id: ContentHash
    config: dict[str, Value]
    code: ContentHash = Field(description="digest of the trainer's source and its libraries")


@dataclass(frozen=True, kw_only=True)
class Home:
    """The folder ``models/NAME``."""

    folder: Path

    @property
    def identity(self) -> Path:
        """Which training it belongs to."""
        return self.folder / "training.json"

    @property
    def manifest(self) -> Path:
        """The training.v1 of a finished training; it is written last."""
        return self.folder / "run_manifest.json"

    @property
    def checkpoints(self) -> Path:
        """One folder per checkpoint."""
        return self.folder / "checkpoints"

    @property
    def losses(self) -> Path:
        """The loss of each step."""
        return self.folder / "losses.jsonl"

    @property
    def curve(self) -> Path:
        """The losses drawn."""
        return self.folder / "loss.svg"

    def finished(self) -> Training:
        """Read the manifest.

        Raises:
            ModelAbsent: if no training has finished here.
        """
        if not self.manifest.is_file():
            raise ModelAbsent(
                f"wanted a finished training with {self.manifest}, got none; "
                "train first or name another model"
            )
        return read_record(self.manifest, Training)


def claim_home(home: Home, config: TrainConfig, dataset_id: str) -> str | None:
    """Make ``home`` belong to a training; return a sentence if another one had to be set aside.

    Raises:
        OtherTraining: if it belongs to another one and the settings do not say ``set_aside``.
    """
    identity = Identity(dataset_id=dataset_id, config=config.identity(), code=code_digest())
    said = None
    if home.identity.is_file():
        there = read_record(home.identity, Identity)
        if there == identity:
            return None
        difference = _difference(there, identity)
        if config.on_other == "refuse":
            raise OtherTraining(
                f"{home.folder} holds a training with {difference}; choose another folder, "
                "move this one away, or set on_other to set_aside"
            )
        moved = _free_name(home.folder)
        home.folder.rename(moved)
        said = f"the training in {home.folder.name} had {difference}; it now is {moved.name}"
    write_record(home.identity, identity)
    return said


def is_finished(home: Home, config: TrainConfig, dataset_id: str) -> bool:
    """Tell whether ``home`` holds the whole result of this training.

    One that a time budget stopped is finished for the same budget; another budget goes on with it.

    Raises:
        RecordError: if a file of the folder is torn.
    """
    identity = Identity(dataset_id=dataset_id, config=config.identity(), code=code_digest())
    if not home.manifest.is_file() or not home.identity.is_file():
        return False
    training = home.finished()
    same_end = training.stopped_by != "time_budget" or (
        training.config.get("time_budget_minutes") == config.time_budget_minutes
    )
    return (
        read_record(home.identity, Identity) == identity
        and same_end
        and all(
            (home.folder / checkpoint.path).is_dir()
            and folder_digest(home.folder / checkpoint.path) == checkpoint.sha256
            for checkpoint in training.checkpoints
        )
    )


def choose_checkpoint(training: Training, step: int | None) -> Checkpoint:
    """Return a training's checkpoint of a step, the last one for None.

    Raises:
        BadSetting: if none of that step was kept.
    """
    if step is None:
        return training.checkpoints[-1]
    for checkpoint in training.checkpoints:
        if checkpoint.step == step:
            return checkpoint
    kept = ", ".join(str(checkpoint.step) for checkpoint in training.checkpoints)
    raise BadSetting(
        f"wanted the checkpoint of step {step} of {training.model}, kept are {kept}; "
        "choose one of these"
    )


def form_of(training: Training) -> Form:
    """Return the form of the examples that a training learned from.

    Raises:
        BadSetting: if it learned something else.
    """
    for form, objective in OBJECTIVES.items():
        if objective == training.objective:
            return form
    raise BadSetting(
        f"wanted a model that learned one of {', '.join(OBJECTIVES.values())}, "
        f"{training.model} learned {training.objective}; choose another model"
    )


def folder_digest(folder: Path) -> str:
    """Return the digest of a folder's files, by relative path and content."""
    return tree_digest(folder, "**/*")


def _difference(there: Identity, wanted: Identity) -> str:
    if there.dataset_id != wanted.dataset_id:
        return f"dataset {short(there.dataset_id)}, wanted {short(wanted.dataset_id)}"
    got, asked = dict(_flat(there.config)), dict(_flat(wanted.config))
    parts = [
        f"{name} = {got.get(name)}, wanted {asked.get(name)}"
        for name in sorted(got.keys() | asked.keys())
        if got.get(name) != asked.get(name)
    ]
    if not parts:
        return f"code {short(there.code)}, wanted {short(wanted.code)}"
    return "; ".join(parts)


def _flat(config: dict[str, Value], prefix: str = "") -> list[tuple[str, Value]]:
    pairs: list[tuple[str, Value]] = []
    for name, value in config.items():
        if isinstance(value, dict):
            pairs.extend(_flat(value, f"{prefix}{name}."))
        else:
            pairs.append((prefix + name, value))
    return pairs


def _free_name(folder: Path) -> Path:
    number = 1
    while (moved := folder.with_name(f"{folder.name}.before-{number}")).exists():
        number += 1
    return moved
