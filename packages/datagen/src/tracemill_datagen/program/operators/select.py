"""Operators that choose rows: the table itself, and filters."""

from __future__ import annotations

import operator as compare
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

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
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Cell, Sheet


def _filter(
    name: str,
    symbol: str,
    says: tuple[str, ...],
    test: Callable[[Any, Any], bool],
    bindings: Bindings,
) -> Operator:
    """Make a filter that compares a column with a literal; an empty cell never passes."""

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        column = sheet.column(text(parameters, "column"))
        wanted, values, rows = _cell(parameters["value"]), column.values, rows_in(inputs[0])
        if 2 * len(column.distinct) > len(rows):
            present = [row for row in rows if values[row] is not None]
            return Rows([row for row in present if test(values[row], wanted)])
        kept = frozenset(cell for cell in column.distinct if test(cell, wanted))
        return Rows([row for row in rows if values[row] in kept])

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


def _cell(value: object) -> Cell:
    if isinstance(value, int | float | str):
        return value
    raise TypeError(f"wanted text or a number, got {value!r}")


def threshold(values: Sequence[int | float | str], rng: Random) -> int | float | str:
    """Draw a value from the middle of a sorted column, floats cut to three significant digits."""
    value = values[len(values) // 5 + rng.randrange(max(1, len(values) * 3 // 5))]
    return float(f"{value:.3g}") if isinstance(value, float) else value


TABLE = Operator(
    name="table",
    inputs=(),
    output="rows",
    evaluate=lambda sheet, _p, _i: Rows(range(sheet.rows)),
    sql=lambda _s, _p, _i: "1",
    pandas=lambda _p, _i: 'pd.read_csv("table.csv")',
    variable=lambda _p, _i: "table",
    wordings=("all rows",),
)

FILTER_EQUAL = _filter("filter_equal", "=", ("", "equal to "), compare.eq, binding.equal_values)
FILTER_NOT_EQUAL = _filter(
    "filter_not_equal", "!=", ("not ", "other than "), compare.ne, binding.unequal_values
)
FILTER_GREATER = _filter(
    "filter_greater", ">", ("greater than ", "above "), compare.gt, binding.thresholds
)
FILTER_LESS = _filter("filter_less", "<", ("less than ", "below "), compare.lt, binding.thresholds)
FILTER_AFTER = _filter(
    "filter_after", ">", ("later than ", "after "), compare.gt, binding.date_limits
)
FILTER_BEFORE = _filter(
    "filter_before", "<", ("earlier than ", "before "), compare.lt, binding.date_limits
)


def _above(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values = sheet.column(text(parameters, "column")).values
    limit = number_in(inputs[1])
    band = TIE * abs(limit)
    low, high = limit - band, limit + band
    kept: list[int] = []
    for row in rows_in(inputs[0]):
        cell = values[row]
        if cell is None:
            continue
        if low <= cell <= high and cell != limit:  # type: ignore[operator]  # a measure
            raise Rejected("near_threshold", f"{cell} against {limit}")
        if cell > limit:  # type: ignore[operator]
            kept.append(row)
    return Rows(kept)


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
    values = sheet.column(text(parameters, "column")).values
    return Rows([row for row in rows_in(inputs[0]) if values[row] is not None])


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
    columns = [column.values for column in sheet.columns if column.nulls]
    whole = [row for row in rows_in(inputs[0]) if all(v[row] is not None for v in columns)]
    return Rows(whole)


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
