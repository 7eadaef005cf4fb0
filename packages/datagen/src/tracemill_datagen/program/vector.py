"""Arithmetic of the gold engine: columns as arrays, and the few sums and orders that all share.

Sums are exact: integers as integers, doubles with one rounding (math.fsum). Nothing is added in an
order that the processor chooses.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Label, Number, label_of
from tracemill_datagen.table.sheet import Codes, Numbers, SheetColumn

Values = Sequence[Number] | Numbers
"""Numbers, shape (n,): an array, or a list of a few."""

Doubles = NDArray[np.float64]


def filled(column: SheetColumn, rows: Codes) -> NDArray[np.bool_]:
    """Tell of each of some rows whether it has a value in a column."""
    return column.codes[rows] >= 0


def complete(rows: Codes, *columns: SheetColumn) -> Codes:
    """Return those of some rows that have a value in each of some columns."""
    for column in columns:
        if column.nulls:
            rows = rows[filled(column, rows)]
    return rows


def grouped(by: SheetColumn, rows: Codes) -> Iterator[tuple[Label, Codes]]:
    """Yield each label with its rows, labels ascending; rows without a label belong to none."""
    rows = complete(rows, by)
    codes = by.codes[rows]
    order = np.argsort(codes, kind="stable")
    present, starts = np.unique(codes[order], return_index=True)
    members = np.split(rows[order], starts[1:])
    for code, group in zip(present.tolist(), members, strict=False):
        yield label_of(by.levels[code]), group


def commonest(codes: Codes, levels: Sequence[object]) -> int:
    """Return the most frequent of some codes.

    Args:
        codes: The codes, none of them -1.
        levels: What they stand for.

    Raises:
        Rejected: ``no_values`` if there is no code, ``tie`` if two are equally frequent.
    """
    if not len(codes):
        raise Rejected("no_values", "the most frequent of none")
    times = np.bincount(codes, minlength=len(levels))
    best = np.flatnonzero(times == times.max())
    if len(best) > 1:
        first, second = (
            levels[code] for code in sorted(best.tolist(), key=codes.tolist().index)[:2]
        )
        raise Rejected("tie", f"{first} and {second} are equally frequent")
    return int(best[0])


def pair_counts(x: SheetColumn, y: SheetColumn, rows: Codes) -> Codes:
    """Count the pairs of values on some rows, shape (levels of x, levels of y)."""
    rows, width = complete(rows, x, y), len(y.levels)
    pairs = x.codes[rows] * width + y.codes[rows]
    return np.bincount(pairs, minlength=len(x.levels) * width).reshape(-1, width)


def listed(values: Values) -> list[Number]:
    """Return numbers as Python's own."""
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def total(values: Values) -> Number:
    """Add numbers: integers exactly, floats with one rounding (math.fsum)."""
    numbers = listed(values)
    plain = sum(numbers)
    return plain if isinstance(plain, int) else math.fsum(numbers)


def average(values: Values) -> float:
    """Return the arithmetic mean of at least one number."""
    return total(values) / len(values)


def summed(values: Doubles) -> float:
    """Add doubles with one rounding."""
    return math.fsum(values.tolist())


def deviations(values: Values) -> Doubles:
    """Return each number less the mean of all."""
    return np.asarray(values, dtype=np.float64) - average(values)


def smallest(values: Numbers) -> Number:
    """Return the smallest of at least one number."""
    least: Number = values.min().item()
    return least


def largest(values: Numbers) -> Number:
    """Return the largest of at least one number."""
    most: Number = values.max().item()
    return most


def dot(left: Doubles, right: Doubles) -> float:
    """Add the products of two rows of doubles; infinite where a product overflows."""
    with np.errstate(over="ignore"):
        return summed(left * right)


def squares(values: Values) -> float:
    """Return the sum of squared deviations from the mean (two passes)."""
    apart = deviations(values)
    return dot(apart, apart)


def middle(values: Values) -> float:
    """Return the median: the middle value, or the mean of the two middle ones."""
    ordered, half = np.sort(values), len(values) // 2
    if len(ordered) % 2:
        return float(ordered[half])
    return float((ordered[half - 1].item() + ordered[half].item()) / 2)


def spread(values: Values, ddof: int) -> float:
    """Return the standard deviation with ``n - ddof`` in the denominator (two passes)."""
    return math.sqrt(squares(values) / (len(values) - ddof))


def quantile(values: Values, q: float, method: str) -> float:
    """Return the q-quantile at position ``(n - 1) q``, between ranks by ``method``.

    ``linear`` is type 7 of Hyndman and Fan (1996), the default of numpy, pandas and R.
    """
    ordered = np.sort(values)
    position = (len(ordered) - 1) * q
    # 0.1 * 10 must be rank 1 although the product of floats may lie a bit beside it.
    position = round(position, 9)
    low: Number = ordered[math.floor(position)].item()
    high: Number = ordered[math.ceil(position)].item()
    if method == "linear":
        return low + (high - low) * (position - math.floor(position))
    return float({"lower": low, "higher": high, "midpoint": (low + high) / 2}[method])


def ranks(values: Values) -> Doubles:
    """Return ranks from 1, shape (n,); equal values share the mean of their ranks."""
    _, places, times = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    means: Doubles = last - (times - 1) / 2
    return means[places]
