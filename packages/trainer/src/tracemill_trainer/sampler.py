"""Greedy sampling with a KV cache.

A batch of prompts is padded on the left to one length, so that all rows write their next token into
the same slot of the cache. The prompts run through the model once; then one token a row and step,
until every row has written eos or closed its answer, or the room is used up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from tracemill_trainer.config import ModelConfig
from tracemill_trainer.model import Cache, Decoder, Weights
from tracemill_trainer.tokenizer import CLOSE_ANSWER_TOKEN, EOS, PAD


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """What the model wrote after one prompt."""

    tokens: tuple[int, ...]
    """Ends with the token that stopped it, if one did."""
    finish: Literal["stop", "length"]


class _Prompts(NamedTuple):
    """A batch of prompts, padded on the left."""

    tokens: jax.Array | np.ndarray[tuple[int, ...], np.dtype[np.int32]]
    """[B, P]."""
    starts: jax.Array | np.ndarray[tuple[int, ...], np.dtype[np.int32]]
    """Slot of the first token of each, [B]."""
    real: jax.Array | np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    """Rows that hold a prompt, [B]."""


class _Progress(NamedTuple):
    """What a step of the decoding changes."""

    at: jax.Array
    """Slot that the next token is written into; a scalar."""
    token: jax.Array
    """The last token of each row, [B]."""
    done: jax.Array
    """Rows that have stopped, [B]."""
    written: jax.Array
    """The tokens written so far, [B, N], padding after the end."""
    cache: Cache


class Sampler:
    """Answers prompts with one model; compiled once for all batches of the same shape."""

    def __init__(self, graph: nnx.GraphDef[Decoder], weights: Weights, config: ModelConfig) -> None:
        self._weights = weights
        self._decode = jax.jit(partial(_decode, graph, config), static_argnames="room")

    def greedy(
        self, prompts: Sequence[Sequence[int]], *, prompt_slots: int, rows: int, room: int
    ) -> list[Sampled]:
        """Write the most likely continuation of each prompt.

        Args:
            prompts: Tokens of each prompt, at most ``rows`` of them.
            prompt_slots: Length that prompts are padded to; none is longer.
            rows: Rows of the batch; those without a prompt are thrown away, so that the last
                batch has the shape of the others and every row the same result in any batch.
            room: Most tokens that are written.
        """
        tokens = np.full((rows, prompt_slots), PAD, np.int32)
        starts = np.full((rows,), prompt_slots - 1, np.int32)
        for row, prompt in enumerate(prompts):
            starts[row] = prompt_slots - len(prompt)
            tokens[row, starts[row] :] = prompt
        batch = _Prompts(tokens=tokens, starts=starts, real=np.arange(rows) < len(prompts))
        written = np.asarray(self._decode(self._weights, batch, room=room))
        return [_sampled(row) for row in written[: len(prompts)].tolist()]


def _decode(
    graph: nnx.GraphDef[Decoder],
    config: ModelConfig,
    weights: Weights,
    prompts: _Prompts,
    *,
    room: int,
) -> jax.Array:
    """Return the tokens written after each prompt, [B, room], padding after the end.

    Args:
        graph: Structure of the model.
        config: Its shape.
        weights: Its weights.
        prompts: What comes before, padded on the left.
        room: Most tokens that are written.
    """
    model = nnx.merge(graph, weights)
    tokens, starts, real = (jnp.asarray(array) for array in prompts)
    rows, prompt_slots = tokens.shape
    slots = jnp.arange(prompt_slots + room)

    def forward(new: jax.Array, at: jax.Array, cache: Cache) -> tuple[jax.Array, Cache]:
        """Feed new tokens [B, T] from slot ``at`` on; return the most likely next, [B]."""
        places = at + jnp.arange(new.shape[1])
        positions = jnp.maximum(places[None, :] - starts[:, None], 0)
        written = slots[None, None, :] >= starts[:, None, None]
        mask = written & (slots[None, None, :] <= places[None, :, None])
        logits, cache = model.cached(new, positions, mask, cache, at)
        return jnp.argmax(logits[:, -1], axis=-1).astype(jnp.int32), cache

    def step(now: _Progress) -> _Progress:
        written = now.written.at[:, now.at - prompt_slots].set(jnp.where(now.done, PAD, now.token))
        done = now.done | (now.token == EOS) | (now.token == CLOSE_ANSWER_TOKEN)
        token, cache = forward(now.token[:, None], now.at, now.cache)
        return _Progress(at=now.at + 1, token=token, done=done, written=written, cache=cache)

    def goes_on(now: _Progress) -> jax.Array:
        return (now.at < prompt_slots + room) & ~jnp.all(now.done)

    cache = Cache.empty(config, rows, prompt_slots + room)
    token, cache = forward(tokens, jnp.int32(0), cache)
    begin = _Progress(
        at=jnp.int32(prompt_slots),
        token=token,
        done=~real,
        written=jnp.full((rows, room), PAD, jnp.int32),
        cache=cache,
    )
    return jax.lax.while_loop(goes_on, step, begin).written


def _sampled(row: Sequence[int]) -> Sampled:
    for place, token in enumerate(row):
        if token in {EOS, CLOSE_ANSWER_TOKEN}:
            return Sampled(tokens=tuple(row[: place + 1]), finish="stop")
    return Sampled(tokens=tuple(row), finish="length")
