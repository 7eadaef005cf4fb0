"""Moments of samples, and what is no probability worth telling."""

from __future__ import annotations

import numpy as np
import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Cells
from tracemill_datagen.program.operators.sample import moments_of, probability, two_moments
from tracemill_datagen.table.sheet import Cell, SheetColumn


def cells(*values: Cell) -> Cells:
    column = SheetColumn(name="x", kind="integer", values=values)
    return Cells(column, np.arange(len(values)))


@pytest.mark.parametrize("shift", [0.0, 1e9])
def test_moments_keep_digits_far_from_zero(shift: float) -> None:
    moments = moments_of([shift + value for value in (4, 7, 13, 16)])
    assert (moments.size, moments.mean) == (4, shift + 10)
    assert moments.variance() == pytest.approx(np.var([4, 7, 13, 16], ddof=1), rel=1e-12)
    assert moments.variance(0) == pytest.approx(np.var([4, 7, 13, 16]), rel=1e-12)


def test_cells_without_a_value_are_left_out_of_either_sample() -> None:
    first, second = two_moments([cells(1, None, 2, 3, 4, 5), cells(2, 4, 6, 8, None, 10)])
    assert (first.size, first.mean, second.size, second.mean) == (5, 3.0, 5, 6.0)


@pytest.mark.parametrize("p", [0.0, 0.99996, 1.0])
def test_degenerate_probabilities_are_refused(p: float) -> None:
    with pytest.raises(Rejected, match=f"^degenerate_p: {p}$"):
        probability(p)
    assert probability(0.5) == 0.5
    assert probability(1e-12) == 1e-12
