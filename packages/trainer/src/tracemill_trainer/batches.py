"""The order of the batches: a grain pipeline over row numbers, with the batch of any step at hand.

Every epoch is another permutation of the rows by (seed, epoch); batches run on over the end of an
epoch, so that all have the same shape. Batch k is had without the ones before it: the only state of
the data is the step. grain takes 50 ms to begin an epoch (measured), which only tells for data of
a few rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import grain
import numpy as np

from tracemill_trainer.config import TrainConfig
from tracemill_trainer.errors import BadSetting
from tracemill_trainer.packing import Batch, Counts, Ints, Rows


class Batches:
    """The endless sequence of batches of a training."""

    def __init__(self, rows: Rows, *, seed: int, batch_rows: int) -> None:
        self._rows = rows
        self._order = (
            grain.MapDataset.range(len(rows)).seed(seed).shuffle().repeat().batch(batch_rows)
        )

    def __getitem__(self, step: int) -> Batch:
        """Return the batch that step ``step`` (from 0) trains on."""
        return self._rows.batch(self.rows_of(step))

    def rows_of(self, step: int) -> Ints:
        """Return the numbers of the rows of a step, [B]."""
        return np.asarray(self._order[step], dtype=np.int32)

    def counts(self, step: int) -> Counts:
        """Return what a step feeds forward."""
        return self._rows.counts(self.rows_of(step))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long a training is."""

    steps: int | None
    """Steps in all, or None if only the time ends it."""
    stopped_by: str


def plan(batches: Batches, config: TrainConfig) -> Plan:
    """Return the greatest number of steps that stays within every limit of the settings.

    Raises:
        BadSetting: if a limit is below what the first step feeds.
    """
    if config.max_tokens is None and config.max_examples is None:
        if config.max_steps is None:
            return Plan(steps=None, stopped_by="time_budget")
        return Plan(steps=config.max_steps, stopped_by="max_steps")
    for step, total in _totals(batches):
        reason = _over(total, step, config)
        if reason is not None:
            _refuse_nothing(reason, step, total)
            return Plan(steps=step, stopped_by=reason)
    raise AssertionError("the totals are endless")


def _totals(batches: Batches) -> Iterator[tuple[int, Counts]]:
    """Yield each step and what it and the ones before it feed."""
    total = Counts()
    for step in count():
        total = total.plus(batches.counts(step))
        yield step, total


def _over(total: Counts, step: int, config: TrainConfig) -> str | None:
    if config.max_steps is not None and step >= config.max_steps:
        return "max_steps"
    if config.max_tokens is not None and total.tokens > config.max_tokens:
        return "max_tokens"
    if config.max_examples is not None and total.examples > config.max_examples:
        return "max_examples"
    return None


def _refuse_nothing(reason: str, step: int, total: Counts) -> None:
    if step == 0:
        raise BadSetting(
            f"{reason} is less than one batch, which has {total.tokens} tokens of "
            f"{total.examples} examples; raise it or lower batch_rows"
        )
