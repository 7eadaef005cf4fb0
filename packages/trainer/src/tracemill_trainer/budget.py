"""The time budget of a training: ends it early enough to save what was learned."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

Clock = Callable[[], float]
"""Seconds on a clock that never goes back, for instance ``time.monotonic``."""

MARGIN = 0.05
"""Share of the budget that is never planned for: a step or a save may take longer than before."""


class Budget:
    """Seconds that a call may take, counted from its start, so that compiling counts.

    It also measures the steps and the saves, because the next ones must still fit.
    """

    def __init__(self, minutes: float | None, clock: Clock) -> None:
        self.seconds = None if minutes is None else minutes * 60
        self._clock = clock
        self._started = clock()
        self._steps = 0
        self._step_seconds = 0.0
        self._save_seconds = 0.0

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self._clock() - self._started

    def allows_step(self) -> bool:
        """Tell whether a step and the save after it end inside budget and margin.

        The first step is always allowed: what it costs is not known before, and a training
        without a step is none.
        """
        if self.seconds is None or self._steps == 0:
            return True
        needed = self._step_seconds + self._save_seconds
        return self.elapsed() + needed <= self.seconds * (1 - MARGIN)

    @contextlib.contextmanager
    def step(self) -> Iterator[None]:
        """Measure a step; the first one compiles and says nothing about the next."""
        begun = self._clock()
        yield
        if self._steps:
            self._step_seconds = max(self._step_seconds, self._clock() - begun)
        self._steps += 1

    @contextlib.contextmanager
    def save(self) -> Iterator[None]:
        """Measure a save."""
        begun = self._clock()
        yield
        self._save_seconds = max(self._save_seconds, self._clock() - begun)
