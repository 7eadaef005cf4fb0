"""Writes down what a training was: training.v1."""

from __future__ import annotations

from pathlib import Path

import jax

from tracemill_schema.training import Checkpoint, Loss, Training
from tracemill_trainer.checkpoint import Reached, path_of, steps_in
from tracemill_trainer.config import OBJECTIVES, TrainConfig
from tracemill_trainer.data import Corpus
from tracemill_trainer.device import describe
from tracemill_trainer.home import Home, folder_digest
from tracemill_trainer.update import count_weights
from tracemill_trainer.versions import sources, versions


def make_manifest(
    config: TrainConfig,
    corpus: Corpus,
    ended: Reached,
    *,
    home: Home,
    losses: tuple[Loss, ...],
    seconds: float,
    stopped_by: str,
    device: jax.Device,
    finished_at: str,
) -> Training:
    """Return the manifest of a finished training; it names only checkpoints that are on disk."""
    return Training(
        model=home.folder.name,
        objective=OBJECTIVES[config.form],
        parameters=count_weights(ended.state.weights),
        base_weights=f"random:{config.seed}",
        dataset_id=corpus.dataset_id,
        dataset_key=corpus.dataset_key,
        config=config.shown(),
        seed=config.seed,
        device=describe(device),
        steps=ended.step,
        tokens=ended.counts.tokens,
        trained_tokens=ended.counts.trained_tokens,
        wall_seconds=seconds,
        stopped_by=stopped_by,
        losses=losses,
        checkpoints=_checkpoints(home.checkpoints, home.folder),
        versions=versions() | sources(),
        finished_at=finished_at,
    )


def _checkpoints(folder: Path, home: Path) -> tuple[Checkpoint, ...]:
    paths = [(step, path_of(folder, step)) for step in steps_in(folder)]
    return tuple(
        Checkpoint(step=step, path=path.relative_to(home).as_posix(), sha256=folder_digest(path))
        for step, path in paths
    )
