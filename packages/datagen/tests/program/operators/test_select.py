"""Filters: what passes, with empty cells, in both engines."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.operators.aggregate import average
from tracemill_datagen.program.operators.select import threshold
from tracemill_datagen.table.reader import parse_sheet

MEAN = call("mean", call("column", TABLE, column="mass"))


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (TABLE, 11),
        (call("filter_equal", TABLE, column="kind", value="bug"), 3),
        (call("filter_equal", TABLE, column="legs", value=4), 3),
        (call("filter_equal", TABLE, column="tame", value="True"), 5),
        (call("filter_not_equal", TABLE, column="kind", value="bug"), 7),
        (call("filter_greater", TABLE, column="mass", value=5), 4),
        (call("filter_less", TABLE, column="mass", value=5), 5),
        (call("filter_after", TABLE, column="day", value="2012-01-08"), 3),
        (call("filter_before", TABLE, column="day", value="2012-01-08"), 6),
        (call("filter_above", TABLE, MEAN, column="mass"), 5),
        (call("not_null", TABLE, column="mass"), 10),
        (call("complete_rows", TABLE), 6),
    ],
)
def test_selection_keeps_rows_that_meet_it(
    both: Callable[[Expression], Datum], rows: Expression, count: int
) -> None:
    assert both(call("count", rows)) == count


def test_a_value_at_the_computed_threshold_by_noise_only_is_refused() -> None:
    sheet = parse_sheet(b"x\n0.1\n0.2\n0.3\n0.3\n0.1\n0.2\n0.2\n", name="t", where="t.csv")
    mean = call("mean", call("column", TABLE, column="x"))
    assert average(sheet.column("x").present) != 0.2
    with pytest.raises(Rejected, match=r"^near_threshold: 0\.2 against 0\.19"):
        Interpreter(sheet).value(call("count", call("filter_above", TABLE, mean, column="x")))


def test_threshold_lies_in_the_middle_with_three_digits() -> None:
    values = tuple(n / 7 for n in range(100))
    drawn = [threshold(values, Random(seed)) for seed in range(50)]  # noqa: S311 - no secret
    assert all(isinstance(value, float) and 2.8 < value < 11.5 for value in drawn)
    assert all(value == float(f"{value:.3g}") for value in drawn)
