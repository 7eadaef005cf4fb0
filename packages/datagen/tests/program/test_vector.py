"""What the gold engine computes with arrays, against plain Python on the same numbers."""

from __future__ import annotations

import math
from collections import Counter
from statistics import median

import numpy as np
import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.vector import (
    average,
    commonest,
    complete,
    deviations,
    dot,
    filled,
    grouped,
    largest,
    listed,
    middle,
    pair_counts,
    quantile,
    ranks,
    smallest,
    spread,
    squares,
    summed,
    total,
)
from tracemill_datagen.table.sheet import SheetColumn

KIND = SheetColumn(name="kind", kind="category", values=("b", "a", None, "b", "c", "a", "b"))
MASS = SheetColumn(name="mass", kind="number", values=(0.1, None, 2.0, 0.2, 0.3, None, 7.5))
EVERY = np.arange(7)
NUMBERS = [0.1, 0.2, 0.3, 1e16, -1e16, 4.0]


def test_rows_without_a_value_are_left_out() -> None:
    assert filled(KIND, np.array([1, 2])).tolist() == [True, False]
    assert complete(EVERY, KIND).tolist() == [0, 1, 3, 4, 5, 6]
    assert complete(EVERY, KIND, MASS).tolist() == [0, 3, 4, 6]
    assert complete(np.array([2, 1]), KIND).tolist() == [1]


def test_groups_stand_in_the_order_of_their_labels() -> None:
    found = [(label, rows.tolist()) for label, rows in grouped(KIND, EVERY)]
    assert found == [("a", [1, 5]), ("b", [0, 3, 6]), ("c", [4])]
    assert list(grouped(KIND, np.array([2]))) == []


def test_the_most_frequent_code_must_be_one() -> None:
    codes = KIND.codes[complete(EVERY, KIND)]
    assert KIND.levels[commonest(codes, KIND.levels)] == "b"
    with pytest.raises(Rejected, match="^tie: b and a are equally frequent$"):
        commonest(KIND.codes[:2], KIND.levels)
    with pytest.raises(Rejected, match="^no_values: "):
        commonest(codes[:0], KIND.levels)


def test_pairs_are_counted_where_both_have_a_value() -> None:
    other = SheetColumn(name="sex", kind="category", values=("f", "m", "f", "f", None, "m", "m"))
    counts = pair_counts(KIND, other, EVERY)
    pairs = Counter(zip(KIND.values, other.values, strict=True))
    for x, kind in enumerate(KIND.levels):
        for y, sex in enumerate(other.levels):
            assert counts[x, y] == pairs[kind, sex]
    assert counts.sum() == 5


def test_sums_are_exact() -> None:
    assert total(NUMBERS) == summed(np.array(NUMBERS)) == math.fsum(NUMBERS)
    assert total([2**60, 1, -(2**60)]) == 1
    assert total(np.array([2**53, 1])) == 2**53 + 1
    assert isinstance(total(np.array([1, 2])), int)
    assert average([1, 2]) == 1.5
    assert dot(np.array([1e200]), np.array([1e200])) == math.inf


def test_numbers_leave_as_pythons_own() -> None:
    whole, broken = np.array([3, 1, 2]), np.array([0.5, 2.5])
    assert [type(v) for v in (*listed(whole), *listed(broken))] == [int] * 3 + [float] * 2
    assert [(v, type(v)) for v in (smallest(whole), largest(broken))] == [(1, int), (2.5, float)]


@pytest.mark.parametrize("values", [[3, 1, 2], [4, 1, 2, 9], [0.5, 0.1, 0.2]])
def test_the_middle_is_the_median(values: list[float]) -> None:
    assert middle(values) == median(values)
    assert isinstance(middle(values), float)


def test_spread_and_quantile_are_numpys() -> None:
    values = [4.0, 7.0, 13.0, 16.0, 20.0]
    assert spread(values, 1) == pytest.approx(np.std(values, ddof=1), rel=1e-12)
    assert squares(values) == pytest.approx(5 * np.var(values), rel=1e-12)
    assert deviations(values).tolist() == [-8.0, -5.0, 1.0, 4.0, 8.0]
    for method in ("linear", "lower", "higher", "midpoint"):
        wanted = np.quantile(values, 0.9, method=method)
        assert quantile(values, 0.9, method) == pytest.approx(wanted)


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    assert ranks([10, 20, 10, 30]).tolist() == [1.5, 3.0, 1.5, 4.0]
