from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from tracemill_trainer import sampler as sampler_module
from tracemill_trainer.config import ModelConfig
from tracemill_trainer.model import causal_mask
from tracemill_trainer.sampler import Sampler
from tracemill_trainer.tokenizer import CLOSE_ANSWER_TOKEN, EOS
from tracemill_trainer.update import start_weights

CONFIG = ModelConfig(
    width=16, layers=2, heads=4, kv_heads=2, head_width=4, hidden=24, start_deviation=0.6
)
ROOM = 24
PROMPTS = [[1, 40 + row, 50, 60 + 3 * row, *range(70, 70 + row)] for row in range(6)]
pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def sampler() -> Sampler:
    graph, weights = start_weights(CONFIG, 3)
    return Sampler(graph, weights, CONFIG)


@pytest.fixture(scope="module")
def next_token() -> Callable[[list[int]], int]:
    """Return the most likely token after a text, by running the whole text through the model."""
    graph, weights = start_weights(CONFIG, 3)

    @jax.jit
    def best(tokens: jax.Array) -> jax.Array:
        places = jnp.arange(40)[None]
        logits = nnx.merge(graph, weights)(tokens, places, causal_mask(jnp.ones((1, 40), int)))
        return jnp.argmax(logits[0], axis=-1)

    def after(text: list[int]) -> int:
        padded = np.zeros((1, 40), np.int32)
        padded[0, : len(text)] = text
        return int(np.asarray(best(padded))[len(text) - 1])

    return after


def _without_cache(prompt: list[int], next_token: Callable[[list[int]], int]) -> list[int]:
    text = list(prompt)
    while len(text) < len(prompt) + ROOM:
        text.append(next_token(text))
        if text[-1] in {EOS, CLOSE_ANSWER_TOKEN}:
            break
    return text[len(prompt) :]


def test_the_cache_writes_what_the_whole_forward_writes(
    sampler: Sampler, next_token: Callable[[list[int]], int]
) -> None:
    answers = sampler.greedy(PROMPTS, prompt_slots=16, rows=8, room=ROOM)
    wanted = [_without_cache(prompt, next_token) for prompt in PROMPTS]
    assert [list(answer.tokens) for answer in answers] == wanted
    assert len({answer.tokens for answer in answers}) > 1


def test_an_answer_does_not_depend_on_its_place_or_its_neighbours(sampler: Sampler) -> None:
    whole = sampler.greedy(PROMPTS, prompt_slots=16, rows=8, room=ROOM)
    turned = sampler.greedy(PROMPTS[::-1], prompt_slots=16, rows=8, room=ROOM)
    assert whole == turned[::-1]
    assert sampler.greedy(PROMPTS[2:3], prompt_slots=16, rows=8, room=ROOM) == whole[2:3]


def test_it_stops_at_eos_and_says_so(sampler: Sampler, monkeypatch: pytest.MonkeyPatch) -> None:
    (natural,) = sampler.greedy(PROMPTS[:1], prompt_slots=16, rows=8, room=ROOM)
    end = next(token for token in natural.tokens if natural.tokens.index(token) >= 2)
    monkeypatch.setattr(sampler_module, "EOS", end)
    graph, weights = start_weights(CONFIG, 3)
    stopping = Sampler(graph, weights, CONFIG)
    (answer,) = stopping.greedy(PROMPTS[:1], prompt_slots=16, rows=8, room=ROOM)
    assert answer.tokens == natural.tokens[: natural.tokens.index(end) + 1]
    assert answer.finish == "stop"


@pytest.mark.parametrize(
    ("row", "tokens", "finish"),
    [
        ([9, 8, EOS, 0, 0], (9, 8, EOS), "stop"),
        ([9, CLOSE_ANSWER_TOKEN, EOS, 0], (9, CLOSE_ANSWER_TOKEN), "stop"),
        ([9, 8, 7], (9, 8, 7), "length"),
    ],
)
def test_an_answer_ends_with_the_token_that_stopped_it(
    row: list[int], tokens: tuple[int, ...], finish: str
) -> None:
    answer = sampler_module._sampled(row)
    assert (answer.tokens, answer.finish) == (tokens, finish)
