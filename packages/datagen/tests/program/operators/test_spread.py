"""Spreads of a column and a mean with weights, in three engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.operators.spread import WEIGHTED_MEAN
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.table.sheet import Sheet

Engine = Callable[[Expression], Datum]

MASS = call("column", TABLE, column="mass")
"""0.5, 1.5, 2.5, 3, 4, 5, 6, 7, 8, 9 and one empty cell: mean 4.65, squares around it 72.525."""

LEGS = call("column", TABLE, column="legs")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("variance", MASS, ddof=1), 72.525 / 9),
        (call("variance", MASS, ddof=0), 7.2525),
        (call("value_range", MASS), 8.5),
        (call("value_range", LEGS), 6),
        (call("iqr", MASS, method="linear"), 4.125),
        (call("iqr", MASS, method="lower"), 3.5),
        (call("absolute_deviation", MASS), 2.35),
        (call("variation", MASS, ddof=0), 7.2525**0.5 / 4.65),
        (call("value_count", MASS), 10),
        (call("weighted_mean", TABLE, column="mass", by="legs"), 123 / 34),
    ],
)
def test_three_engines_agree(thrice: Engine, expression: Expression, value: float) -> None:
    assert thrice(expression) == pytest.approx(value)


BUGS = call("filter_equal", TABLE, column="kind", value="bug")


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (
            call("variance", call("column", BUGS, column="mass"), ddof=1),
            "too_few_rows: variance of 3 values, wanted 5",
        ),
        (
            call("value_count", call("column", BUGS, column="mass")),
            "no_empty_cells: it would be the number of rows",
        ),
        (
            call("weighted_mean", BUGS, column="mass", by="legs"),
            "too_few_rows: 3 values with a weight",
        ),
    ],
)
def test_too_little_is_refused_by_name(zoo: Sheet, expression: Expression, reason: str) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(zoo).value(expression)


@pytest.mark.parametrize(
    ("cells", "op", "parameters", "reason"),
    [
        ("3 3 3 3 3", "value_range", {}, "constant_column: range of equal values"),
        ("1 3 3 3 9", "iqr", {"method": "linear"}, "constant_column: both quartiles are equal"),
        ("-1 2 3 4 5", "variation", {"ddof": 1}, "no_base: a coefficient of variation of .*"),
    ],
)
def test_no_spread_is_refused_by_name(
    cells: str, op: str, parameters: dict[str, int | str], reason: str
) -> None:
    lines = "".join(f"{cell}\n" for cell in cells.split())
    sheet = parse_sheet(f"x\n{lines}".encode(), name="t", where="t.csv")
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(sheet).value(call(op, call("column", TABLE, column="x"), **parameters))


def test_weights_are_amounts_that_are_never_negative() -> None:
    lines = "".join(f"{n * n + 0.5},{n * 5 % 8 - 3},{n}.5\n" for n in range(8))
    sheet = parse_sheet(f"sales,profit,price\n{lines}".encode(), name="t", where="t.csv")
    assert WEIGHTED_MEAN.bindings is not None
    assert WEIGHTED_MEAN.bindings(roles_of(sheet)) == [
        {"column": "profit", "by": "sales"},
        {"column": "price", "by": "sales"},
    ]
    with pytest.raises(Rejected, match="^division_by_zero: weights that are negative"):
        Interpreter(sheet).value(call("weighted_mean", TABLE, column="sales", by="profit"))
