"""Rows with the largest and smallest values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call


@pytest.mark.parametrize(("op", "total"), [("top_rows", 24.0), ("bottom_rows", 4.5)])
def test_ends_of_a_column(both: Callable[[Expression], Datum], op: str, total: float) -> None:
    rows = call(op, TABLE, column="mass", n=3)
    assert both(call("sum", call("column", rows, column="mass"))) == total


def test_a_cut_inside_a_tie_is_refused(both: Callable[[Expression], Datum]) -> None:
    with pytest.raises(Rejected, match="^tie: the cut after row 2 by legs falls inside a tie$"):
        both(call("count", call("top_rows", TABLE, column="legs", n=2)))


def test_too_few_rows_are_refused(both: Callable[[Expression], Datum]) -> None:
    with pytest.raises(Rejected, match="^too_few_rows: 10 rows with mass, asked for 10$"):
        both(call("count", call("top_rows", TABLE, column="mass", n=10)))
