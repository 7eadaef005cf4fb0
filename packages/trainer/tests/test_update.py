from __future__ import annotations

import jax
import numpy as np
import optax
import pytest
from flax import nnx

from tracemill_trainer.config import ModelConfig, OptimizerConfig
from tracemill_trainer.model import causal_mask
from tracemill_trainer.optimizer import make_optimizer
from tracemill_trainer.packing import Batch
from tracemill_trainer.update import (
    TrainState,
    abstract_weights,
    make_update,
    mean_loss,
    start_weights,
)

CONFIG = ModelConfig(width=8, layers=1, heads=2, kv_heads=1, head_width=4, hidden=8)
TOKENS = np.array([[10, 11, 12, 20, 21, 0]], np.int32)
BATCH = Batch(
    tokens=TOKENS,
    targets=np.array([[11, 12, 13, 21, 22, 0]], np.int32),
    weights=np.array([[0, 0, 1, 0, 1, 0]], np.float32),
    segments=np.array([[1, 1, 1, 2, 2, 0]], np.int32),
    positions=np.array([[0, 1, 2, 0, 1, 0]], np.int32),
)


def test_shapes_can_be_had_without_computing() -> None:
    graph, weights = start_weights(CONFIG, 0)
    abstract, shapes = abstract_weights(CONFIG)
    assert abstract == graph
    assert [leaf.shape for leaf in nnx.to_flat_state(shapes).leaves] == [
        leaf.shape for leaf in nnx.to_flat_state(weights).leaves
    ]


@pytest.mark.train
def test_the_loss_is_the_mean_over_the_trained_targets_only() -> None:
    graph, weights = start_weights(CONFIG, 0)

    @jax.jit
    def forward(batch: Batch) -> tuple[jax.Array, jax.Array]:
        mask = causal_mask(batch.segments)
        logits = nnx.merge(graph, weights)(batch.tokens, batch.positions, mask)
        return logits, mean_loss(graph, weights, batch)

    logits, loss = (np.asarray(array) for array in forward(BATCH))
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    wanted = -(logp[0, 2, 13] + logp[0, 4, 22]) / 2
    assert float(loss) == pytest.approx(float(wanted), rel=1e-5)
    untrained = BATCH._replace(targets=np.where(BATCH.weights == 0, 77, BATCH.targets))
    assert float(forward(untrained)[1]) == float(loss)


@pytest.mark.train
def test_steps_on_one_batch_learn_it_by_heart() -> None:
    graph, weights = start_weights(CONFIG, 0)
    optimizer: optax.GradientTransformation = make_optimizer(
        OptimizerConfig(learning_rate=0.05), 60
    )
    update = make_update(graph, optimizer)
    state = TrainState(weights=weights, moments=optimizer.init(weights))
    losses = []
    for _ in range(60):
        state, loss = update(state, BATCH)
        losses.append(float(loss))
    assert losses[0] > 5
    assert losses[-1] < 0.05
    assert update._cache_size() == 1, "one program for all steps"  # type: ignore[attr-defined]
