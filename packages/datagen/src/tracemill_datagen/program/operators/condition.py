"""Further conditions on the cells of a row: ranges, either of two values, parts of a text.

An empty cell meets no condition. Texts are compared as they stand; where it would matter whether
upper and lower case differ the program is refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import MIN_VALUE_ROWS, frequent, limits, thresholds
from tracemill_datagen.program.datum import Datum, Rows, rows_in
from tracemill_datagen.program.operator import (
    Bindings,
    Operator,
    Parameters,
    SqlScope,
    number,
    text,
)
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Level, Sheet, SheetColumn
from tracemill_schema.canonical import Value

MAX_PARTS = 24
"""Beginnings or words of one text column that are bound, the most frequent first."""

MAX_NAMED = 12
"""Categories of a column of which each is chosen by its name and not by a part of it."""

MIN_WORD = 4
"""Letters of a word that is looked for; shorter ones stand inside other words."""

Test = Callable[[Level, Parameters], bool]

Passes = Callable[[SheetColumn, Parameters], Sequence[bool]]
"""(column, literals) -> of each level of the column whether its cells pass."""


def _filter(
    name: str,
    passes: Passes,
    *,
    sql: Callable[[SqlScope, Parameters, str], str],
    pandas: Callable[[Parameters, str], str],
    wordings: tuple[str, ...],
    bindings: Bindings,
    symmetric: tuple[str, ...] = (),
) -> Operator:
    """Make a filter; ``sql`` and ``pandas`` get the column's text."""

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        column = sheet.column(text(parameters, "column"))
        rows = rows_in(inputs[0])
        # The code of a cell without a value, -1, reads the last place.
        return Rows(rows[np.array([*passes(column, parameters), False])[column.codes[rows]]])

    def in_sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        return f"({inputs[0]}) AND {sql(scope, parameters, scope.column(parameters))}"

    def in_pandas(parameters: Parameters, inputs: Sequence[str]) -> str:
        column = f"{inputs[0]}[{python(text(parameters, 'column'))}]"
        return f"{inputs[0]}[{pandas(parameters, column)}]"

    return Operator(
        name=name,
        inputs=("rows",),
        output="rows",
        evaluate=evaluate,
        sql=in_sql,
        pandas=in_pandas,
        variable=lambda p, _i: snake("rows", name.removeprefix("filter_"), *_in_order(p)),
        wordings=wordings,
        bindings=bindings,
        selects=True,
        commutes=True,
        symmetric=symmetric,
    )


def _in_order(parameters: Parameters) -> list[Value]:
    """Return literals in the order of the words; a stored program has them in that of the keys."""
    order = ("column", "value", "low", "high", "first", "second")
    return [parameters[key] for key in order if key in parameters]


def _each(test: Test) -> Passes:
    """Return what a test of one value says of all, asked in the order of the table."""

    def passes(column: SheetColumn, parameters: Parameters) -> list[bool]:
        kept = {level for level in column.distinct if test(level, parameters)}
        return [level in kept for level in column.levels]

    return passes


def _from_to(low: str | None, high: str | None) -> Passes:
    """Return what passes from one literal to another, both included; None leaves a side open."""

    def passes(column: SheetColumn, parameters: Parameters) -> list[bool]:
        levels = column.levels
        first = 0 if low is None else bisect_left(levels, number(parameters, low))
        end = len(levels) if high is None else bisect_right(levels, number(parameters, high))
        inside = max(0, end - first)
        return [False] * first + [True] * inside + [False] * (len(levels) - first - inside)

    return passes


def _ranges(roles: Roles) -> list[dict[str, int | float | str]]:
    """Return each quantity with each two of its eighths that hold at least a quarter of it."""
    return [
        {"column": column.name, "low": low, "high": high}
        for column in roles.measures
        for (a, low), (b, high) in combinations(enumerate(limits(column)), 2)
        if b - a >= 2
    ]


def _two_values(roles: Roles) -> list[dict[str, int | float | str]]:
    """Return each group column with each two of its values that have enough rows; not of three."""
    return [
        {"column": column.name, "first": first, "second": second}
        for column in roles.groups
        if len(column.distinct) > 3
        for first, second in combinations(frequent(column), 2)
    ]


FILTER_AT_LEAST = _filter(
    "filter_at_least",
    _from_to("value", None),
    sql=lambda scope, p, column: f"{column} >= {scope.literal(p['value'])}",
    pandas=lambda p, column: f"{column} >= {python(p['value'])}",
    wordings=("where {column} is at least {value}", "where {column} is {value} or more"),
    bindings=thresholds,
)
FILTER_AT_MOST = _filter(
    "filter_at_most",
    _from_to(None, "value"),
    sql=lambda scope, p, column: f"{column} <= {scope.literal(p['value'])}",
    pandas=lambda p, column: f"{column} <= {python(p['value'])}",
    wordings=("where {column} is at most {value}", "where {column} is {value} or less"),
    bindings=thresholds,
)
FILTER_BETWEEN = _filter(
    "filter_between",
    _from_to("low", "high"),
    sql=lambda scope, p, column: (
        f"{column} BETWEEN {scope.literal(p['low'])} AND {scope.literal(p['high'])}"
    ),
    pandas=lambda p, column: f"{column}.between({python(p['low'])}, {python(p['high'])})",
    wordings=(
        "where {column} is from {low} to {high} (both included)",
        "where {column} is between {low} and {high} (both included)",
    ),
    bindings=_ranges,
)
FILTER_IN = _filter(
    "filter_in",
    _each(lambda cell, p: cell in {p["first"], p["second"]}),
    sql=lambda scope, p, column: (
        f"{column} IN ({scope.literal(p['first'])}, {scope.literal(p['second'])})"
    ),
    pandas=lambda p, column: f"{column}.isin([{python(p['first'])}, {python(p['second'])}])",
    wordings=(
        "where {column} is {first} or {second}",
        "where {column} is either {first} or {second}",
    ),
    bindings=_two_values,
    symmetric=("first", "second"),
)


def _textual(roles: Roles) -> Iterator[SheetColumn]:
    """Yield the columns of names and of so many categories that nobody would name them all."""
    many = (column for column in roles.groups if len(column.distinct) > MAX_NAMED)
    for column in (*roles.keys, *roles.classes, *many):
        if column.kind in {"text", "identifier", "category"} and not column.numeric:
            yield column


def _sensitive(name: str, holds: Callable[[str, str], bool]) -> Test:
    """Make a test of a text that is refused where the case of letters decides."""

    def test(cell: Level, parameters: Parameters) -> bool:
        part, whole = text(parameters, "value"), str(cell)
        if holds(whole, part) != holds(whole.casefold(), part.casefold()):
            raise Rejected("case_matters", f"{name}: {part!r} against {whole!r}")
        return holds(whole, part)

    return test


def _parts(pick: Callable[[str], Sequence[str]]) -> Bindings:
    """Return bindings of the parts that enough cells have, and not nearly all of them.

    At least two different values have the part: of one alone it would be that value's own filter.
    """

    def bindings(roles: Roles) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for column in _textual(roles):
            cells = Counter(str(cell) for cell in column.present)
            rows, values = Counter[str](), Counter[str]()
            for cell, times in cells.items():
                for part in set(pick(cell)):
                    rows[part] += times
                    values[part] += 1
            most = cells.total() - MIN_VALUE_ROWS
            kept = [p for p in rows if MIN_VALUE_ROWS <= rows[p] <= most and values[p] > 1]
            parts = sorted(kept, key=lambda part: (-rows[part], part))[:MAX_PARTS]
            found.extend({"column": column.name, "value": part} for part in parts)
        return found

    return bindings


def _words(cell: str) -> list[str]:
    return [word for word in cell.split() if len(word) >= MIN_WORD and word.isalpha()]


FILTER_STARTS = _filter(
    "filter_starts",
    _each(_sensitive("filter_starts", str.startswith)),
    sql=lambda scope, p, column: (
        f"substr({column}, 1, {len(text(p, 'value'))}) = {scope.literal(p['value'])}"
    ),
    pandas=lambda p, column: f"{column}.str.startswith({python(p['value'])}, na=False)",
    wordings=("where {column} starts with {value}", "where {column} begins with {value}"),
    bindings=_parts(lambda cell: [cell[:1]] if cell[:1].isalpha() else []),
)
FILTER_CONTAINS = _filter(
    "filter_contains",
    _each(_sensitive("filter_contains", str.__contains__)),
    sql=lambda scope, p, column: f"instr({column}, {scope.literal(p['value'])}) > 0",
    pandas=lambda p, column: f"{column}.str.contains({python(p['value'])}, regex=False, na=False)",
    wordings=("where {column} contains {value}", "where {column} contains the text {value}"),
    bindings=_parts(_words),
)

OPERATORS = (
    FILTER_AT_LEAST,
    FILTER_AT_MOST,
    FILTER_BETWEEN,
    FILTER_IN,
    FILTER_STARTS,
    FILTER_CONTAINS,
)
