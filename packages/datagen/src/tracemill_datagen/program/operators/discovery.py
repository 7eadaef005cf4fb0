"""Rows that are found by a rule: those of a column's most frequent value, and all others of it."""

# ruff: noqa: S608 - the SQL is made of column positions and fixed text only
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import by_groups
from tracemill_datagen.program.datum import Datum, Rows, rows_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, text
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Sheet


def _rows(name: str, but: str, symbol: str, *, inside: bool) -> Operator:
    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        values = sheet.column(text(parameters, "by")).values
        rows = [row for row in rows_in(inputs[0]) if values[row] is not None]
        counted = Counter(values[row] for row in rows).most_common(2)
        if not counted:
            raise Rejected("no_values", name)
        if len(counted) == 2 and counted[0][1] == counted[1][1]:
            raise Rejected("tie", f"{counted[0][0]} and {counted[1][0]} are equally frequent")
        largest = counted[0][0]
        return Rows([row for row in rows if (values[row] == largest) is inside])

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
        wordings=(
            f"the rows with {but}the most frequent {{by}}[ among {{0}}]",
            f"the rows with {but}the most common {{by}}[ among {{0}}]",
        ),
        bindings=by_groups,
        selects=True,
    )


LARGEST_GROUP = _rows("largest_group", "", "=", inside=True)
OTHER_GROUPS = _rows("other_groups", "any but ", "!=", inside=False)

OPERATORS = (LARGEST_GROUP, OTHER_GROUPS)
