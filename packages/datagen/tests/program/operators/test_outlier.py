"""Rows far out, in three engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Rows
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.operator import Operator
from tracemill_datagen.program.operators.outlier import OPERATORS
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

Engine = Callable[[Expression], Datum]


def table(*cells: object) -> Sheet:
    lines = "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))
    return parse_sheet(f"x,n\n{lines}".encode(), name="t", where="t.csv")


def rows(name: str, **parameters: int | float | str) -> Expression:
    return call(name, TABLE, column="x", **parameters)


CELLS = (60, *range(10, 21), "", -1.5)
"""Quartiles 12 and 18 (linear), so fences at 3 and 27; mean 17.19, deviation 14.06 (n - 1)."""


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        (rows("outlier_rows", method="linear", k=1.5), [0, 13]),
        (rows("outlier_rows", method="lower", k=1.5), [0, 13]),
        (rows("outlier_rows", method="linear", k=3), [0]),
        (rows("inlier_rows", method="linear", k=1.5), list(range(1, 12))),
        (rows("inlier_rows", method="higher", k=3), [*range(1, 12), 13]),
        (rows("z_outlier_rows", ddof=1, k=3), [0]),
        (rows("z_outlier_rows", ddof=0, k=2.5), [0]),
        (rows("z_inlier_rows", ddof=1, k=2), [*range(1, 12), 13]),
    ],
)
def test_three_engines_agree(
    engines: Callable[[Sheet], Engine], selection: Expression, kept: list[int]
) -> None:
    sheet = table(*CELLS)
    datum = Interpreter(sheet).value(selection)
    assert isinstance(datum, Rows)
    assert list(datum.positions) == kept
    assert engines(sheet)(call("count", selection)) == len(kept)
    assert engines(sheet)(call("sum", call("column", selection, column="n"))) == sum(kept)


def test_outliers_of_what_another_selection_left(engines: Callable[[Sheet], Engine]) -> None:
    sheet = table(*CELLS, *range(11, 20))
    left = rows("inlier_rows", method="linear", k=1.5)
    again = call("z_outlier_rows", left, column="x", ddof=1, k=2)
    within = call("z_inlier_rows", again.inputs[0], column="x", ddof=0, k=2)
    assert engines(sheet)(call("count", within)) == 20
    assert engines(sheet)(call("count", again)) == 0


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ((27, *range(9, 21)), "near_threshold: 27 lies on a fence"),
        ((*range(8), ""), "too_few_rows: 8 values, wanted 10"),
        ((1, *(5,) * 12), "constant_column: the fences coincide"),
    ],
)
def test_no_fences_are_refused_by_name(cells: tuple[object, ...], reason: str) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(table(*cells)).value(rows("outlier_rows", method="linear", k=1.5))


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_every_wording_says_on_which_rows_the_fences_are_reckoned(operator: Operator) -> None:
    for wording in operator.wordings:
        assert wording.endswith(" taken from {0}")


def test_the_rows_that_are_asked_about_give_the_mean_and_the_deviation() -> None:
    few = call("filter_greater", TABLE, column="n", value=3)
    outliers = call("z_outlier_rows", few, column="x", ddof=1, k=2)
    assert phrase_of(call("count", outliers)) == (
        "the number of rows with x more than 2 standard deviations (ddof = 1, dividing by n - 1) "
        "from its mean, with these rows, this mean and this standard deviation taken from the rows "
        'where "n" is greater than 3'
    )
    assert phrase_of(rows("z_inlier_rows", ddof=1, k=2)) == (
        "the rows with x at most 2 standard deviations (ddof = 1, dividing by n - 1) from its "
        "mean, with these rows, this mean and this standard deviation taken from all rows"
    )
