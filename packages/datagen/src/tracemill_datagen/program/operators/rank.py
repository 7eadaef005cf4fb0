"""Operators that choose the rows with the largest or smallest values of a column."""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program import binding
from tracemill_datagen.program.datum import Datum, Rows, close, rows_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, integer, text
from tracemill_datagen.program.vector import complete
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Codes, Sheet

TOP_SIZES = (3, 5, 10, 20)
"""How many top or bottom rows are asked for."""


def ranked(sheet: Sheet, by: str, rows: Codes, *, largest: bool) -> Codes:
    """Return those of some rows that have a value in ``by``, best first, ties as they stand."""
    column = sheet.column(by)
    rows = complete(rows, column)
    codes = column.codes[rows]
    return rows[np.argsort(-codes if largest else codes, kind="stable")]


def _ends(name: str, *, largest: bool) -> Operator:
    word, method, order = (
        ("largest", "nlargest", "DESC") if largest else ("smallest", "nsmallest", "ASC")
    )

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        n = integer(parameters, "n")
        by = text(parameters, "column")
        rows = ranked(sheet, by, rows_in(inputs[0]), largest=largest)
        if len(rows) <= n:
            raise Rejected("too_few_rows", f"{len(rows)} rows with {by}, asked for {n}")
        last, following = sheet.column(by).numbers[rows[n - 1 : n + 1]].tolist()
        if close(last, following):
            raise Rejected("tie", f"the cut after row {n} by {by} falls inside a tie")
        return Rows(np.sort(rows[:n]))

    def sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        column, n = scope.column(parameters), scope.literal(integer(parameters, "n"))
        return (
            f"id IN (SELECT id FROM t WHERE ({inputs[0]}) AND {column} IS NOT NULL "
            f"ORDER BY {column} {order} LIMIT {n})"
        )

    return Operator(
        name=name,
        inputs=("rows",),
        output="rows",
        evaluate=evaluate,
        sql=sql,
        pandas=lambda p, i: f"{i[0]}.{method}({integer(p, 'n')}, {python(text(p, 'column'))})",
        variable=lambda p, _i: snake(name, "by", p["column"]),
        wordings=(
            f"the {{n}} rows with the {word} {{column}}[ among {{0}}]",
            f"the {{n}} rows where {{column}} is {word}[ among {{0}}]",
        ),
        bindings=binding.cuts(TOP_SIZES, largest=largest),
        selects=True,
    )


TOP_ROWS = _ends("top_rows", largest=True)
BOTTOM_ROWS = _ends("bottom_rows", largest=False)

OPERATORS = (TOP_ROWS, BOTTOM_ROWS)
