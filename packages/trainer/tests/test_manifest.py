from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp

from tracemill_schema.canonical import JsonObject
from tracemill_schema.training import Loss
from tracemill_trainer.checkpoint import Checkpoints, Reached
from tracemill_trainer.config import TrainConfig
from tracemill_trainer.data import Corpus
from tracemill_trainer.home import Home, folder_digest
from tracemill_trainer.manifest import make_manifest
from tracemill_trainer.packing import Counts
from tracemill_trainer.update import TrainState


def test_a_manifest_is_complete_and_names_what_is_on_disk(tmp_path: Path, tiny: JsonObject) -> None:
    config = TrainConfig.from_values({**tiny, "form": "answer", "seed": 4}, where="config")
    home = Home(folder=tmp_path / "models" / "tiny")
    state = TrainState(
        weights={"a": jnp.zeros((2, 3)), "b": jnp.zeros(4)}, moments={"mu": jnp.zeros(1)}
    )
    ended = Reached(step=9, counts=Counts(tokens=90, trained_tokens=30, examples=9), state=state)
    Checkpoints(folder=home.checkpoints, model=config.model, keep_last=2).save(ended)
    made = make_manifest(
        config,
        Corpus(dataset_id="d" * 64, dataset_key="tiny-v1", examples=()),
        ended,
        home=home,
        losses=(Loss(step=1, loss=1.0, tokens=10),),
        seconds=2.5,
        stopped_by="max_steps",
        device=jax.devices("cpu")[0],
        finished_at="2026-01-01T00:00:00Z",
    )
    assert (made.model, made.objective, made.base_weights) == ("tiny", "answers", "random:4")
    assert (made.parameters, made.steps, made.tokens, made.trained_tokens) == (10, 9, 90, 30)
    (checkpoint,) = made.checkpoints
    assert checkpoint.path == "checkpoints/000009"
    assert checkpoint.sha256 == folder_digest(home.folder / checkpoint.path)
    assert b"null" not in made.to_bytes()
