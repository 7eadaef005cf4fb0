"""Operators that choose rows: the table itself, and filters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from random import Random

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program import binding
from tracemill_datagen.program.datum import TIE, Datum, Rows, number_in, rows_in
from tracemill_datagen.program.operator import (
    Bindings,
    Operator,
    Parameters,
    SqlScope,
    text,
)
from tracemill_datagen.program.vector import complete
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Level, Sheet

Span = Callable[[tuple[Level, ...], Level], tuple[int, int]]
"""(a column's levels, literal) -> the first code that passes, and the first after it that fails."""


def _filter(
    name: str,
    symbol: str,
    says: tuple[str, ...],
    span: Span,
    bindings: Bindings,
    *,
    inside: bool = True,
) -> Operator:
    """Make a filter that compares a column with a literal; an empty cell never passes."""

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        column, rows = sheet.column(text(parameters, "column")), rows_in(inputs[0])
        first, end = span(column.levels, _level(parameters["value"]))
        codes = column.codes[rows]
        passes = (codes >= first) & (codes < end)
        return Rows(rows[passes if inside else ~passes & (codes >= 0)])

    def sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        literal = scope.literal(parameters["value"])
        return f"({inputs[0]}) AND {scope.column(parameters)} {symbol} {literal}"

    def pandas(parameters: Parameters, inputs: Sequence[str]) -> str:
        column, value = text(parameters, "column"), parameters["value"]
        rows, symbols = inputs[0], "==" if symbol == "=" else symbol
        passes = f"{rows}[{python(column)}] {symbols} {python(value)}"
        # In pandas an empty cell is unequal to everything, in SQL and in words it is not.
        return (
            f"{rows}[{rows}[{python(column)}].notna() & ({passes})]"
            if symbols == "!="
            else (f"{rows}[{passes}]")
        )

    def variable(parameters: Parameters, _: Sequence[str]) -> str:
        return snake(
            "rows", parameters["column"], name.removeprefix("filter_"), parameters["value"]
        )

    return Operator(
        name=name,
        inputs=("rows",),
        output="rows",
        evaluate=evaluate,
        sql=sql,
        pandas=pandas,
        variable=variable,
        wordings=tuple(f"where {{column}} is {words}{{value}}" for words in says),
        bindings=bindings,
        selects=True,
        commutes=True,
    )


def _level(value: object) -> Level:
    if isinstance(value, int | float | str):
        return value
    raise TypeError(f"wanted text or a number, got {value!r}")


def _equal(levels: tuple[Level, ...], value: Level) -> tuple[int, int]:
    return bisect_left(levels, value), bisect_right(levels, value)


def _greater(levels: tuple[Level, ...], value: Level) -> tuple[int, int]:
    return bisect_right(levels, value), len(levels)


def _less(levels: tuple[Level, ...], value: Level) -> tuple[int, int]:
    return 0, bisect_left(levels, value)


def threshold(values: Sequence[int | float | str], rng: Random) -> int | float | str:
    """Draw a value from the middle of a sorted column, floats cut to three significant digits."""
    value = values[len(values) // 5 + rng.randrange(max(1, len(values) * 3 // 5))]
    return float(f"{value:.3g}") if isinstance(value, float) else value


TABLE = Operator(
    name="table",
    inputs=(),
    output="rows",
    evaluate=lambda sheet, _p, _i: Rows(np.arange(sheet.rows)),
    sql=lambda _s, _p, _i: "1",
    pandas=lambda _p, _i: 'pd.read_csv("table.csv")',
    variable=lambda _p, _i: "table",
    wordings=("all rows",),
)

FILTER_EQUAL = _filter("filter_equal", "=", ("", "equal to "), _equal, binding.equal_values)
FILTER_NOT_EQUAL = _filter(
    "filter_not_equal",
    "!=",
    ("not ", "other than "),
    _equal,
    binding.unequal_values,
    inside=False,
)
FILTER_GREATER = _filter(
    "filter_greater", ">", ("greater than ", "above "), _greater, binding.thresholds
)
FILTER_LESS = _filter("filter_less", "<", ("less than ", "below "), _less, binding.thresholds)
FILTER_AFTER = _filter(
    "filter_after", ">", ("later than ", "after "), _greater, binding.date_limits
)
FILTER_BEFORE = _filter(
    "filter_before", "<", ("earlier than ", "before "), _less, binding.date_limits
)


def _above(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    column, rows = sheet.column(text(parameters, "column")), rows_in(inputs[0])
    rows, limit = complete(rows, column), number_in(inputs[1])
    cells, band = column.numbers[rows], TIE * abs(limit)
    near = cells[(limit - band <= cells) & (cells <= limit + band) & (cells != limit)]
    if len(near):
        raise Rejected("near_threshold", f"{near[0].item()} against {limit}")
    return Rows(rows[cells > limit])


FILTER_ABOVE = Operator(
    name="filter_above",
    inputs=("rows", "number"),
    output="rows",
    evaluate=_above,
    sql=lambda scope, p, i: f"({i[0]}) AND {scope.column(p)} > {i[1]}",
    pandas=lambda p, i: f"{i[0]}[{i[0]}[{python(text(p, 'column'))}] > {i[1]}]",
    variable=lambda p, i: snake("rows", p["column"], "above", i[1]),
    wordings=("where {column} is greater than {1}", "where {column} is above {1}"),
    bindings=binding.measures,
    selects=True,
)


def _not_null(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    return Rows(complete(rows_in(inputs[0]), sheet.column(text(parameters, "column"))))


NOT_NULL = Operator(
    name="not_null",
    inputs=("rows",),
    output="rows",
    evaluate=_not_null,
    sql=lambda scope, p, i: f"({i[0]}) AND {scope.column(p)} IS NOT NULL",
    pandas=lambda p, i: f"{i[0]}.dropna(subset=[{python(text(p, 'column'))}])",
    variable=lambda p, _i: snake("rows_with", p["column"]),
    wordings=("where {column} is not empty", "where {column} has a value"),
    bindings=binding.sparse,
    selects=True,
    commutes=True,
)


def _complete(sheet: Sheet, _: Parameters, inputs: Sequence[Datum]) -> Datum:
    return Rows(complete(rows_in(inputs[0]), *sheet.columns))


def _none_null(columns: Sequence[str]) -> str:
    """Return the SQL condition that no column is NULL, halved so that the expression stays flat.

    sqlite refuses expressions that are nested more than 1,000 deep (SQLITE_MAX_EXPR_DEPTH), and a
    chain of ANDs is nested by one a term.
    """
    if len(columns) < 2:
        return f"{columns[0]} IS NOT NULL" if columns else "1"
    half = len(columns) // 2
    return f"({_none_null(columns[:half])} AND {_none_null(columns[half:])})"


COMPLETE_ROWS = Operator(
    name="complete_rows",
    inputs=("rows",),
    output="rows",
    evaluate=_complete,
    sql=lambda scope, _p, i: f"({i[0]}) AND {_none_null(scope.sparse_columns())}",
    pandas=lambda _p, i: f"{i[0]}.dropna()",
    variable=lambda _p, _i: "complete_rows",
    wordings=("where no column is empty", "where every column has a value"),
    bindings=binding.once_if_sparse,
    selects=True,
    commutes=True,
)


OPERATORS = (
    TABLE,
    FILTER_EQUAL,
    FILTER_NOT_EQUAL,
    FILTER_GREATER,
    FILTER_LESS,
    FILTER_AFTER,
    FILTER_BEFORE,
    FILTER_ABOVE,
    NOT_NULL,
    COMPLETE_ROWS,
)
