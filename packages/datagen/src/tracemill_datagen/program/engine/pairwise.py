"""Kendall's tau-b for sqlite, as it is defined: every two rows compared by their signs.

SQL could give it by joining a table with itself, at a cost of 25 ms for 340 rows where most
statements take 0.1 ms. The gold engine counts inversions instead and compares no pairs.
"""

from __future__ import annotations

import math

import numpy as np


class TauB:
    """The aggregate function ``tau_b(x, y)`` of sqlite, over rows in which both have a value."""

    def __init__(self) -> None:
        self._x: list[int | float] = []
        self._y: list[int | float] = []

    def step(self, x: float, y: float) -> None:
        """Take a row."""
        self._x.append(x)
        self._y.append(y)

    def finalize(self) -> float | None:
        """Return concordant minus discordant pairs over those not tied, or None if all are."""
        a, b = _signs(self._x), _signs(self._y)
        both = int((a * b).sum())
        x_differs, y_differs = int(np.count_nonzero(a)), int(np.count_nonzero(b))
        if not x_differs or not y_differs:
            return None
        # Each pair was met twice, from either side.
        return (both // 2) / math.sqrt((x_differs // 2) * (y_differs // 2))


def _signs(numbers: list[int | float]) -> np.ndarray:
    """Return 1 where the number of a row is greater than that of a column, -1 where less."""
    across = np.array(numbers)
    down = across[:, None]
    return (down > across).astype(np.int64) - (down < across)
