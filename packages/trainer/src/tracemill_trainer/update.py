"""One step of training: loss, gradient, new weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from tracemill_trainer.config import ModelConfig
from tracemill_trainer.model import Decoder, Draw, Weights, causal_mask
from tracemill_trainer.packing import Batch


class TrainState(NamedTuple):
    """What a step changes; both are trees of arrays."""

    weights: Weights
    moments: optax.OptState


Update = Callable[[TrainState, Batch], tuple[TrainState, jax.Array]]


def start_weights(config: ModelConfig, seed: int) -> tuple[nnx.GraphDef[Decoder], Weights]:
    """Return the structure of a decoder and its random weights."""
    graph, weights = nnx.split(Decoder(config, Draw(seed)), nnx.Param)
    return graph, weights


def abstract_weights(config: ModelConfig) -> tuple[nnx.GraphDef[Decoder], Weights]:
    """Return the structure of a decoder and the shapes of its weights, nothing computed."""
    model = nnx.eval_shape(lambda: Decoder(config, Draw(None)))
    graph, weights = nnx.split(model, nnx.Param)
    return graph, weights


def mean_loss(graph: nnx.GraphDef[Decoder], weights: Weights, batch: Batch) -> jax.Array:
    """Return the mean of -log p(target) over the trained targets, in nats; a scalar."""
    model = nnx.merge(graph, weights)
    mask = causal_mask(jnp.asarray(batch.segments))
    logits = model(jnp.asarray(batch.tokens), jnp.asarray(batch.positions), mask)
    losses = optax.softmax_cross_entropy_with_integer_labels(logits, batch.targets)
    return jnp.sum(losses * batch.weights) / jnp.sum(batch.weights)


def make_update(graph: nnx.GraphDef[Decoder], optimizer: optax.GradientTransformation) -> Update:
    """Return the compiled step: it takes the state's memory and returns the new one and the loss.

    The loss is that of the batch before the step.
    """

    @partial(jax.jit, donate_argnums=0)
    def update(state: TrainState, batch: Batch) -> tuple[TrainState, jax.Array]:
        loss, gradient = jax.value_and_grad(partial(mean_loss, graph))(state.weights, batch)
        change, moments = optimizer.update(gradient, state.moments, state.weights)
        weights = optax.apply_updates(state.weights, change)
        return TrainState(weights=weights, moments=moments), loss

    return update


def count_weights(weights: Weights) -> int:
    """Return the number of trained weights."""
    return sum(int(array.size) for array in jax.tree.leaves(weights))
