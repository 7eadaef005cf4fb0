"""Packs short examples into rows of one length, without attention between them.

An example of n tokens takes n - 1 places: each token is fed to predict the next, the last one
(eos) is only predicted. Rows are packed once; an epoch shuffles whole rows, so that any row can be
had at random and a training resumes at any step. Neighbours in a row cannot see each other
(``segments``), so it does not matter which they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tracemill_trainer.data import TokenText
from tracemill_trainer.errors import TooLong

OPEN_ROWS = 64
"""First fit looks at the last so many unfinished rows: more fill under 1 % better and take
longer."""

Ints = npt.NDArray[np.int32]


class Batch(NamedTuple):
    """Rows of tokens; every array is [B, T]."""

    tokens: npt.NDArray[np.int32]
    targets: npt.NDArray[np.int32]
    """The token after each; 0 where there is none."""
    weights: npt.NDArray[np.float32]
    """1 where the target is trained, else 0."""
    segments: npt.NDArray[np.int32]
    """1, 2, ... for the examples of a row, 0 for padding."""
    positions: npt.NDArray[np.int32]
    """Place of the token in its example, from 0."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What was fed forward."""

    tokens: int = 0
    """Places that are not padding."""
    trained_tokens: int = 0
    examples: int = 0

    def plus(self, other: Counts) -> Counts:
        """Return the sum."""
        return Counts(
            tokens=self.tokens + other.tokens,
            trained_tokens=self.trained_tokens + other.trained_tokens,
            examples=self.examples + other.examples,
        )


class Rows:
    """Packed rows, built when asked for."""

    def __init__(self, texts: Sequence[TokenText], row_tokens: int) -> None:
        self.row_tokens = row_tokens
        self._texts = tuple(texts)
        self._members = pack([len(text.tokens) - 1 for text in texts], row_tokens)

    def __len__(self) -> int:
        return len(self._members)

    def counts(self, indices: Sequence[int] | Ints) -> Counts:
        """Return what rows ``indices`` feed forward."""
        members = [self._texts[i] for row in indices for i in self._members[int(row)]]
        return Counts(
            tokens=sum(len(text.tokens) - 1 for text in members),
            trained_tokens=sum(len(text.tokens) - text.trained_from for text in members),
            examples=len(members),
        )

    def batch(self, indices: Sequence[int] | Ints) -> Batch:
        """Return rows ``indices``, in that order."""
        shape = (len(indices), self.row_tokens)
        batch = Batch(
            tokens=np.zeros(shape, np.int32),
            targets=np.zeros(shape, np.int32),
            weights=np.zeros(shape, np.float32),
            segments=np.zeros(shape, np.int32),
            positions=np.zeros(shape, np.int32),
        )
        for place, row in enumerate(indices):
            start = 0
            for segment, member in enumerate(self._members[int(row)], start=1):
                start = _lay(batch, place, start, segment, self._texts[member])
        return batch


def pack(lengths: Sequence[int], row_tokens: int) -> list[tuple[int, ...]]:
    """Assign items of these lengths to rows, first fit; return the items of each row.

    Raises:
        ValueError: if an item is longer than a row; ``fitting`` takes those out before.
    """
    rows: list[list[int]] = []
    free: list[tuple[int, int]] = []
    for item, length in enumerate(lengths):
        if not 0 < length <= row_tokens:
            raise ValueError(f"item {item} has {length} tokens, a row has {row_tokens}")
        slot = next((s for s, (_, room) in enumerate(free) if room >= length), None)
        if slot is None:
            free.append((len(rows), row_tokens - length))
            rows.append([item])
            del free[:-OPEN_ROWS]
        else:
            row, room = free[slot]
            rows[row].append(item)
            free[slot] = (row, room - length)
    return [tuple(row) for row in rows]


def fitting(
    texts: Sequence[TokenText], *, row_tokens: int, max_share: float
) -> tuple[TokenText, ...]:
    """Return the texts that fit into a row; none is ever cut.

    Raises:
        TooLong: if more than ``max_share`` of them do not fit.
    """
    kept = tuple(text for text in texts if len(text.tokens) - 1 <= row_tokens)
    lost = len(texts) - len(kept)
    if lost > max_share * len(texts) or not kept:
        longest = max(len(text.tokens) - 1 for text in texts)
        raise TooLong(
            f"{lost} of {len(texts)} examples are longer than a row of {row_tokens} tokens, "
            f"allowed is a share of {max_share:g}; the longest needs row_tokens = {longest}"
        )
    return kept


def _lay(batch: Batch, place: int, start: int, segment: int, text: TokenText) -> int:
    end = start + len(text.tokens) - 1
    batch.tokens[place, start:end] = text.tokens[:-1]
    batch.targets[place, start:end] = text.tokens[1:]
    batch.weights[place, start + text.trained_from - 1 : end] = 1.0
    batch.segments[place, start:end] = segment
    batch.positions[place, start:end] = np.arange(end - start)
    return end
