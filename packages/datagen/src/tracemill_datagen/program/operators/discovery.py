"""Rows that are found by a rule: those of a column's most frequent value, and all others of it."""

# ruff: noqa: S608 - the SQL is made of column positions and fixed text only
from __future__ import annotations

from collections.abc import Sequence

from tracemill_datagen.program.binding import by_groups
from tracemill_datagen.program.datum import Datum, Rows, rows_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, text
from tracemill_datagen.program.vector import commonest, complete
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Sheet


def _rows(name: str, symbol: str, wordings: tuple[str, ...], *, inside: bool) -> Operator:
    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        by = sheet.column(text(parameters, "by"))
        rows = complete(rows_in(inputs[0]), by)
        codes = by.codes[rows]
        is_largest = codes == commonest(codes, by.levels)
        return Rows(rows[is_largest if inside else ~is_largest])

    def sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        by = scope.column(parameters, "by")
        largest = (
            f"SELECT {by} FROM t WHERE ({inputs[0]}) AND {by} IS NOT NULL "
            f"GROUP BY {by} ORDER BY COUNT(*) DESC LIMIT 1"
        )
        return f"({inputs[0]}) AND {by} {symbol} ({largest})"

    def pandas(parameters: Parameters, inputs: Sequence[str]) -> str:
        by = f"{inputs[0]}[{python(text(parameters, 'by'))}]"
        largest = f"{by}.value_counts().idxmax()"
        if inside:
            return f"{inputs[0]}[{by} == {largest}]"
        return f"{inputs[0]}[{by}.notna() & ({by} != {largest})]"

    return Operator(
        name=name,
        inputs=("rows",),
        output="rows",
        evaluate=evaluate,
        sql=sql,
        pandas=pandas,
        variable=lambda p, _i: snake(name, p["by"]),
        wordings=wordings,
        bindings=by_groups,
        selects=True,
    )


_TAKEN = "[, with these rows and frequencies taken from {0}]"

LARGEST_GROUP = _rows(
    "largest_group",
    "=",
    (
        f"the rows with the most frequent value of {{by}}{_TAKEN}",
        f"the rows with the most common value of {{by}}{_TAKEN}",
    ),
    inside=True,
)
OTHER_GROUPS = _rows(
    "other_groups",
    "!=",
    (
        f"the rows with a value of {{by}} other than the most frequent one{_TAKEN}",
        f"the rows with a value of {{by}} other than the most common one{_TAKEN}",
    ),
    inside=False,
)

OPERATORS = (LARGEST_GROUP, OTHER_GROUPS)
