"""AdamW with clipping, linear warmup and cosine decay, from optax."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax

from tracemill_trainer.config import OptimizerConfig


def schedule(config: OptimizerConfig, steps: int | None) -> optax.Schedule:
    """Return the learning rate by step, from 0.

    Without a planned number of steps (only the time ends the training) the rate stays up after a
    warmup of 20 steps: a decay needs an end that it knows.
    """
    if steps is None:
        return optax.linear_schedule(0.0, config.learning_rate, transition_steps=20)
    warmup = round(steps * config.warmup_share)
    decay = optax.cosine_decay_schedule(
        config.learning_rate, max(1, steps - warmup), alpha=config.end_share
    )
    if warmup == 0:
        return decay
    # Starts one step up: a first step at rate 0 would be wasted.
    start = config.learning_rate / (warmup + 1)
    rise = optax.linear_schedule(start, config.learning_rate, transition_steps=warmup)
    return optax.join_schedules([rise, decay], [warmup])


def make_optimizer(config: OptimizerConfig, steps: int | None) -> optax.GradientTransformation:
    """Return the optimizer of a training of so many steps."""
    return optax.chain(
        optax.clip_by_global_norm(config.clip_norm),
        optax.adamw(
            schedule(config, steps),
            b1=config.beta1,
            b2=config.beta2,
            weight_decay=config.weight_decay,
            mask=_matrices,
        ),
    )


def _matrices(weights: optax.Params) -> optax.Params:
    """Mark what decays: scales of norms, which have one axis, do not."""
    return jax.tree.map(lambda array: jnp.ndim(array) > 1, weights)
