from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from tracemill_trainer.config import ModelConfig
from tracemill_trainer.model import Cache, Draw, causal_mask, rotate
from tracemill_trainer.update import count_weights, start_weights

CONFIG = ModelConfig(width=16, layers=2, heads=4, kv_heads=2, head_width=4, hidden=24)


def test_the_start_is_drawn_by_the_seed() -> None:
    drawn = [np.asarray(Draw(seed).normal((3, 4), 0.5)) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])
    assert drawn[0].dtype == np.float32


def test_a_mask_is_causal_and_stays_inside_a_document() -> None:
    mask = np.asarray(causal_mask(jnp.array([[1, 1, 2, 2, 0]])))[0].astype(int)
    assert mask.tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 0, 0, 1],
    ]


@pytest.mark.train
def test_rotated_products_depend_on_the_distance_only() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 1, 1, 1, 8)).astype(np.float32)

    @jax.jit
    def product(shift: int) -> jax.Array:
        left = rotate(x, jnp.array([[3]]) + shift, 10_000.0)
        return jnp.sum(left * rotate(y, jnp.array([[1]]) + shift, 10_000.0))

    products = [float(product(shift)) for shift in (0, 5, 100)]
    np.testing.assert_allclose(products, products[0], rtol=1e-4)


@pytest.mark.train
def test_the_weights_are_those_that_the_shape_says() -> None:
    _, weights = start_weights(CONFIG, 0)
    block = 16 * (4 + 2 + 2) * 4 + 4 * 4 * 16 + 3 * 16 * 24 + 2 * 16
    assert count_weights(weights) == 263 * 16 + 2 * block + 16
    _, untied = start_weights(CONFIG.replace(tied=False), 0)
    assert count_weights(untied) == count_weights(weights) + 263 * 16
    assert count_weights(start_weights(ModelConfig(), 0)[1]) == 821_248


@pytest.mark.train
@pytest.mark.parametrize("tied", [True, False])
def test_a_neighbour_in_the_row_changes_nothing(*, tied: bool) -> None:
    graph, weights = start_weights(CONFIG.replace(tied=tied), 0)

    @jax.jit
    def forward(tokens: jax.Array) -> jax.Array:
        segments = jnp.array([[1] * 5 + [2] * 6 + [0]])
        positions = jnp.array([[*range(5), *range(6), 0]])
        return nnx.merge(graph, weights)(tokens, positions, causal_mask(segments))

    tokens = jnp.arange(10, 22)[None]
    whole = np.asarray(forward(tokens))
    other_first = np.asarray(forward(tokens.at[0, :5].set(99)))
    np.testing.assert_array_equal(whole[0, 5:11], other_first[0, 5:11])
    assert not np.array_equal(whole[0, :5], other_first[0, :5])
    later = np.asarray(forward(tokens.at[0, 10].set(99)))
    np.testing.assert_array_equal(whole[0, :10], later[0, :10])
    assert not np.array_equal(whole[0, 10], later[0, 10])
    alone = np.asarray(forward(jnp.roll(tokens, -5, axis=1)))[0, :5]
    np.testing.assert_allclose(whole[0, 5:10], alone, atol=1e-6)


@pytest.mark.train
def test_the_cache_gives_the_logits_of_the_whole_text() -> None:
    graph, weights = start_weights(CONFIG, 0)
    tokens = jnp.arange(10, 17)[None]
    places = jnp.arange(7)

    @jax.jit
    def both() -> tuple[jax.Array, jax.Array]:
        model = nnx.merge(graph, weights)
        whole = model(tokens, places[None], causal_mask(jnp.ones((1, 7), int)))
        cache = Cache.empty(CONFIG, 1, 7)
        parts = []
        for start, end in ((0, 4), (4, 5), (5, 7)):
            mask = (places[None, :] <= places[start:end, None])[None]
            logits, cache = model.cached(
                tokens[:, start:end], places[None, start:end], mask, cache, jnp.int32(start)
            )
            parts.append(logits)
        return whole, jnp.concatenate(parts, axis=1)

    whole, cached = both()
    np.testing.assert_allclose(cached, whole, atol=1e-5)
