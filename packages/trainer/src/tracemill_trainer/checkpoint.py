"""Checkpoints with orbax: whole or not there, kept by policy, checked before they are read.

    checkpoints/000050/weights/      zarr arrays of the model
    checkpoints/000050/optimizer/    zarr arrays of the optimizer's moments
    checkpoints/000050/checkpoint.json

A checkpoint is written beside its place and renamed. The two files in which orbax only notes the
time are left out, so the same training writes the same bytes and ``folder_digest`` says so.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

import jax
import numpy as np
import orbax.checkpoint as ocp
from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import CannotWrite, read_record, write_record
from tracemill_schema.record import Record
from tracemill_trainer.config import ModelConfig
from tracemill_trainer.errors import CheckpointBroken
from tracemill_trainer.home import folder_digest
from tracemill_trainer.model import Weights
from tracemill_trainer.packing import Counts
from tracemill_trainer.update import TrainState

Tree = TypeVar("Tree")
TIMES = ("_CHECKPOINT_METADATA", "commit_success.txt")
"""Files of orbax 0.12 that hold nothing but the time of writing; it reads without them."""


class Saved(Record):
    """``checkpoint.json``: what a checkpoint is."""

    contract: ClassVar[str] = "checkpoint"

    step: int = Field(ge=0)
    tokens: int = Field(ge=0, description="processed so far")
    trained_tokens: int = Field(ge=0)
    examples: int = Field(ge=0, description="shown so far")
    model: ModelConfig
    weights_sha256: ContentHash
    optimizer_sha256: ContentHash


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What a training has reached: its step, what it has seen, its arrays."""

    step: int
    counts: Counts
    state: TrainState


@dataclass(frozen=True, kw_only=True)
class Checkpoints:
    """The checkpoints of one training."""

    folder: Path
    model: ModelConfig
    keep_last: int
    """Kept beside step 0, which is the untrained start."""

    def save(self, reached: Reached) -> None:
        """Write a checkpoint, then drop those that the policy does not keep.

        Raises:
            CannotWrite: if the disk refused it; the earlier checkpoints are untouched.
        """
        place = path_of(self.folder, reached.step)
        try:
            self._write(place, reached)
            for old in steps_in(self.folder)[1 : -self.keep_last]:
                shutil.rmtree(path_of(self.folder, old))
        except OSError as error:
            raise CannotWrite(
                f"{place}: could not be written ({error.strerror or error}); free some space, "
                "then run the same command again: it resumes at the last checkpoint"
            ) from error

    def last(self, like: TrainState, say: Callable[[str], None]) -> Reached | None:
        """Read the last checkpoint that is whole, or return None if there is none yet.

        Args:
            like: A state with the shapes wanted; its values are not used.
            say: Told about every checkpoint that is broken; it is renamed to ``STEP.broken``.

        Raises:
            CheckpointBroken: if there are checkpoints but none is whole, or they are of another
                model.
        """
        steps = steps_in(self.folder)
        for step in reversed(steps):
            try:
                return self._read(step, like)
            except (RecordError, DamagedCheckpoint) as error:
                say(f"checkpoint {step} is broken, falling back to the one before it: {error}")
                _set_aside(path_of(self.folder, step))
        if steps:
            raise CheckpointBroken(
                f"wanted one whole checkpoint in {self.folder}, got {len(steps)} broken; "
                "move the folder away to train anew"
            )
        return None

    def at(self, step: int, like: TrainState) -> Reached:
        """Read the checkpoint of one step.

        Raises:
            CheckpointBroken: if it is not whole, or of another model.
        """
        try:
            return self._read(step, like)
        except (RecordError, DamagedCheckpoint) as error:
            raise CheckpointBroken(
                f"{path_of(self.folder, step)}: the checkpoint is broken: {error}; "
                "choose another step or train again"
            ) from error

    def _write(self, place: Path, reached: Reached) -> None:
        beside = place.with_name(f".writing-{place.name}")
        shutil.rmtree(beside, ignore_errors=True)
        _write_arrays(beside / "weights", reached.state.weights)
        _write_arrays(beside / "optimizer", reached.state.moments)
        saved = Saved(
            step=reached.step,
            tokens=reached.counts.tokens,
            trained_tokens=reached.counts.trained_tokens,
            examples=reached.counts.examples,
            model=self.model,
            weights_sha256=folder_digest(beside / "weights"),
            optimizer_sha256=folder_digest(beside / "optimizer"),
        )
        write_record(beside / "checkpoint.json", saved)
        _set_aside(place)
        beside.rename(place)

    def _read(self, step: int, like: TrainState) -> Reached:
        place = path_of(self.folder, step)
        saved = read_saved(place)
        refuse_other_model(saved, self.model, place)
        _check(place / "optimizer", saved.optimizer_sha256)
        _check(place / "weights", saved.weights_sha256)
        weights = _read_arrays(place / "weights", like.weights)
        moments = _read_arrays(place / "optimizer", like.moments)
        counts = Counts(
            tokens=saved.tokens, trained_tokens=saved.trained_tokens, examples=saved.examples
        )
        return Reached(step=step, counts=counts, state=TrainState(weights=weights, moments=moments))


class DamagedCheckpoint(Exception):
    """The files of a checkpoint are not those that were written; told and passed over."""


def read_weights(place: Path, like: Weights) -> Weights:
    """Read only the weights of a checkpoint folder.

    Raises:
        CheckpointBroken: if the files are not those that were written.
    """
    try:
        _check(place / "weights", read_saved(place).weights_sha256)
    except (RecordError, DamagedCheckpoint) as error:
        raise CheckpointBroken(
            f"{place}: the checkpoint is broken: {error}; choose another step or train again"
        ) from error
    return _read_arrays(place / "weights", like)


def read_saved(place: Path) -> Saved:
    """Read what a checkpoint is.

    Raises:
        RecordError: if its ``checkpoint.json`` is missing or torn.
    """
    return read_record(place / "checkpoint.json", Saved)


def refuse_other_model(saved: Saved, model: ModelConfig, place: Path) -> None:
    """Check that a checkpoint is of this model.

    Raises:
        CheckpointBroken: naming each setting that differs.
    """
    there, wanted = saved.model.to_values(), model.to_values()
    different = [
        f"{name} = {wanted[name]}, got {there[name]}"
        for name in wanted
        if wanted[name] != there[name]
    ]
    if different:
        raise CheckpointBroken(
            f"{place} is a checkpoint of another model: wanted {'; '.join(different)}; "
            "use the settings that it was trained with or another folder"
        )


def path_of(folder: Path, step: int) -> Path:
    """Return where the checkpoint of a step lies."""
    return folder / f"{step:06d}"


def steps_in(folder: Path) -> list[int]:
    """Return the steps of the checkpoints in a folder, ascending."""
    return sorted(int(path.name) for path in folder.glob("[0-9]*") if path.name.isdigit())


def _check(folder: Path, wanted: str) -> None:
    got = folder_digest(folder)
    if got != wanted:
        raise DamagedCheckpoint(f"{folder.name} has the digest {got[:16]}, wanted {wanted[:16]}")


def _write_arrays(folder: Path, tree: object) -> None:
    leaves = {name: np.asarray(array) for name, array in _named(tree).items()}
    with _quiet():
        _checkpointer().save(folder.absolute(), args=ocp.args.PyTreeSave(leaves))
    for name in TIMES:
        (folder / name).unlink(missing_ok=True)


def _read_arrays(folder: Path, like: Tree) -> Tree:
    """Read a tree of arrays in the shape of ``like`` onto the default device."""
    wanted = _named(like)
    restore = {name: ocp.RestoreArgs(restore_type=np.ndarray) for name in wanted}
    with _quiet():
        arrays = _checkpointer().restore(
            folder.absolute(),
            args=ocp.args.PyTreeRestore(item=dict.fromkeys(wanted, 0), restore_args=restore),
        )
    structure = jax.tree.structure(like)
    tree: Tree = jax.tree.unflatten(structure, [jax.numpy.asarray(arrays[n]) for n in wanted])
    return tree


def _checkpointer() -> ocp.Checkpointer:
    # One file an array (no OCDBT): OCDBT's file names are random, so its digest would be too.
    return ocp.Checkpointer(ocp.PyTreeCheckpointHandler(use_ocdbt=False, use_zarr3=True))


def _named(tree: object) -> dict[str, jax.Array]:
    leaves, _ = jax.tree_util.tree_flatten_with_path(tree)
    return {
        jax.tree_util.keystr(path, simple=True, separator=".").removesuffix(".value"): leaf
        for path, leaf in leaves
    }


def _set_aside(place: Path) -> None:
    if place.exists():
        broken = place.with_name(f"{place.name}.broken")
        shutil.rmtree(broken, ignore_errors=True)
        place.rename(broken)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back absl's warnings: orbax warns on every save that there is no OCDBT to merge."""
    logger = logging.getLogger("absl")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
