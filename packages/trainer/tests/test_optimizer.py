from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from tracemill_trainer.config import OptimizerConfig
from tracemill_trainer.optimizer import make_optimizer, schedule

CONFIG = OptimizerConfig(learning_rate=1.0, warmup_share=0.1, end_share=0.1)


def test_the_rate_rises_then_falls_along_a_cosine() -> None:
    rates = jax.jit(jax.vmap(schedule(CONFIG, 100)))(jnp.array([0, 5, 10, 55, 100]))
    np.testing.assert_allclose(rates, [1 / 11, 6 / 11, 1.0, 0.55, 0.1], atol=1e-6)


def test_without_warmup_it_starts_at_the_top() -> None:
    assert float(schedule(CONFIG.replace(warmup_share=0.0), 100)(0)) == 1.0


def test_without_a_planned_end_it_stays_up() -> None:
    rates = schedule(CONFIG, None)
    assert float(rates(20)) == float(rates(10_000)) == 1.0


def test_only_matrices_decay() -> None:
    config = OptimizerConfig(learning_rate=0.1, warmup_share=0.0, weight_decay=0.5)
    optimizer = make_optimizer(config, 10)
    weights = {"matrix": np.ones((2, 2), np.float32), "scale": np.ones(2, np.float32)}
    nothing = {"matrix": np.zeros((2, 2), np.float32), "scale": np.zeros(2, np.float32)}
    change = jax.jit(lambda w, g: optimizer.update(g, optimizer.init(w), w)[0])(weights, nothing)
    np.testing.assert_allclose(change["matrix"], -0.05, rtol=1e-6)
    np.testing.assert_array_equal(change["scale"], 0.0)


def test_a_gradient_is_clipped_to_the_norm() -> None:
    clip = make_optimizer(OptimizerConfig(clip_norm=1.0), 10)
    weights = {"scale": np.zeros(2, np.float32)}

    @jax.jit
    def first_moment(size: float) -> jax.Array:
        gradient = {"scale": jnp.array([3.0, 4.0]) * size}
        _, moments = clip.update(gradient, clip.init(weights), weights)
        return jax.tree.leaves(moments)[1]

    np.testing.assert_allclose(first_moment(1.0), [0.06, 0.08], rtol=1e-5)
    np.testing.assert_allclose(first_moment(0.1), [0.03, 0.04], rtol=1e-5)
