"""Operators that choose the rows with the largest or smallest values of a column."""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Number, Rows, close, rows_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, integer, text
from tracemill_datagen.program.words import ALL_ROWS, column_words, python, snake
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet

TOP_SIZES = (3, 5, 10, 20)
"""How many top or bottom rows are asked for."""


def ranked(
    sheet: Sheet, by: str, positions: Sequence[int], *, largest: bool
) -> list[tuple[Number, int]]:
    """Return (value, row) of the rows with a value in ``by``, best first."""
    values = sheet.column(by).values
    pairs: list[tuple[Number, int]] = []
    for row in positions:
        cell = values[row]
        if isinstance(cell, int | float):
            pairs.append((cell, row))
    return sorted(pairs, key=lambda pair: (-pair[0] if largest else pair[0], pair[1]))


def _ends(name: str, *, largest: bool) -> Operator:
    word, method, order = (
        ("largest", "nlargest", "DESC") if largest else ("smallest", "nsmallest", "ASC")
    )

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        n = integer(parameters, "n")
        by = text(parameters, "column")
        pairs = ranked(sheet, by, rows_in(inputs[0]), largest=largest)
        if len(pairs) <= n:
            raise Rejected("too_few_rows", f"{len(pairs)} rows with {by}, asked for {n}")
        if close(pairs[n - 1][0], pairs[n][0]):
            raise Rejected("tie", f"the cut after row {n} by {by} falls inside a tie")
        return Rows(sorted(row for _, row in pairs[:n]))

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
        phrase=lambda p, i: (
            f"the {integer(p, 'n')} rows with the {word} {column_words(text(p, 'column'))}"
            + ("" if i[0] == ALL_ROWS else f" among {i[0]}")
        ),
        bind=_bind_ends,
        selects=True,
    )


def _bind_ends(roles: Roles, rng: Random) -> Parameters | None:
    if not roles.measures:
        return None
    return {"column": rng.choice(roles.measures).name, "n": rng.choice(TOP_SIZES)}


TOP_ROWS = _ends("top_rows", largest=True)
BOTTOM_ROWS = _ends("bottom_rows", largest=False)

OPERATORS = (TOP_ROWS, BOTTOM_ROWS)
