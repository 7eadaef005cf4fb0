"""Operators that choose the rows with empty cells: where one column is empty, or any of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tracemill_datagen.program.binding import once_if_sparse, sparse
from tracemill_datagen.program.datum import Datum, Rows, rows_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, text
from tracemill_datagen.program.vector import complete, filled
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Sheet


def _empty(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    rows = rows_in(inputs[0])
    return Rows(rows[~filled(sheet.column(text(parameters, "column")), rows)])


EMPTY_ROWS = Operator(
    name="empty_rows",
    inputs=("rows",),
    output="rows",
    evaluate=_empty,
    sql=lambda scope, p, i: f"({i[0]}) AND {scope.column(p)} IS NULL",
    pandas=lambda p, i: f"{i[0]}[{i[0]}[{python(text(p, 'column'))}].isna()]",
    variable=lambda p, _i: snake("rows_without", p["column"]),
    wordings=("where {column} is empty", "where {column} has no value"),
    bindings=sparse,
    selects=True,
    commutes=True,
)


def _incomplete(sheet: Sheet, _: Parameters, inputs: Sequence[Datum]) -> Datum:
    rows = rows_in(inputs[0])
    return Rows(np.setdiff1d(rows, complete(rows, *sheet.columns), assume_unique=True))


def _some_null(columns: Sequence[str]) -> str:
    """Return the SQL condition that some column is NULL, halved so that the text stays flat.

    sqlite refuses expressions that are nested more than 1,000 deep (SQLITE_MAX_EXPR_DEPTH).
    """
    if len(columns) < 2:
        return f"{columns[0]} IS NULL" if columns else "0"
    half = len(columns) // 2
    return f"({_some_null(columns[:half])} OR {_some_null(columns[half:])})"


def _sql_incomplete(scope: SqlScope, _: Parameters, inputs: Sequence[str]) -> str:
    return f"({inputs[0]}) AND {_some_null(scope.sparse_columns())}"


INCOMPLETE_ROWS = Operator(
    name="incomplete_rows",
    inputs=("rows",),
    output="rows",
    evaluate=_incomplete,
    sql=_sql_incomplete,
    pandas=lambda _p, i: f"{i[0]}[{i[0]}.isna().any(axis=1)]",
    variable=lambda _p, _i: "incomplete_rows",
    wordings=("where at least one column is empty", "where at least one column has no value"),
    bindings=once_if_sparse,
    selects=True,
    commutes=True,
)

OPERATORS = (EMPTY_ROWS, INCOMPLETE_ROWS)
