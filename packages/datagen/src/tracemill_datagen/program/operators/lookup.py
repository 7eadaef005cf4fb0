"""Operators that look something up in one row: a named one, or the one at a place of an order.

A place that several rows share is refused as a ``tie``: whoever reads the table could then take any
of them. Rows without a value in the ordering column have no place.
"""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import EIGHTHS, ranked_keys
from tracemill_datagen.program.datum import (
    Datum,
    Number,
    ValueType,
    close,
    label_of,
    numbers_in,
    rows_in,
)
from tracemill_datagen.program.operator import (
    Bindings,
    Operator,
    Parameters,
    SqlScope,
    integer,
    text,
)
from tracemill_datagen.program.operators.rank import ranked
from tracemill_datagen.program.words import python, snake, stem
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Cell, Codes, Sheet, SheetColumn

PLACES = (1, 2, 3)
"""Places of an order that are asked for."""

LISTED = (3, 5)
"""How many names are asked for at once."""

EVERY_ROW, DIFFERENT = "every row", "different values"
"""How ``kth_largest`` counts equal values: each row by itself, or all of them as one."""

_ORDINALS = ("", "", "second ", "third ", "fourth ", "fifth ")
_WORDS = {True: "largest", False: "smallest"}
_METHODS = {True: "nlargest", False: "nsmallest"}
_ORDERS = {True: "DESC", False: "ASC"}
_SIDES = {True: "top", False: "bottom"}


def ordinal(n: int, word: str) -> str:
    """Say the n-th of an order: ``largest``, ``second largest``, ... up to the fifth."""
    return f"{_ORDINALS[n]}{word}"


def _places(*, largest: bool) -> Mapping[int | float | str, str]:
    return {n: ordinal(n, _WORDS[largest]) for n in range(1, len(_ORDINALS))}


def _filled(sheet: Sheet, column: str, row: int) -> Cell:
    cell = sheet.column(column).values[row]
    if cell is None:
        raise Rejected("no_values", f"{column} is empty in that row")
    return cell


def _typed(cell: Cell, output: ValueType) -> Datum:
    if output == "label":
        return label_of(cell)
    if isinstance(cell, int | float):
        return cell
    raise TypeError(f"wanted a number, got {cell!r}")


def _of_row(word: str, output: ValueType, bindings: Bindings) -> Operator:
    """Make an operator that reads a cell in the row of a name."""

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        key, wanted = text(parameters, "key"), text(parameters, "value")
        rows, names = rows_in(inputs[0]), sheet.column(key)
        place = bisect_left(names.levels, wanted)
        known = names.levels[place : place + 1] == (wanted,)
        found = rows[names.codes[rows] == place].tolist() if known else []
        if len(found) != 1:
            reason = "tie" if found else "no_row"
            raise Rejected(reason, f"{len(found)} rows where {key} is {wanted}")
        return _typed(_filled(sheet, text(parameters, "column"), found[0]), output)

    return Operator(
        name=f"{word}_of_row",
        inputs=("rows",),
        output=output,
        evaluate=evaluate,
        sql=lambda scope, p, i: (
            f"(SELECT {scope.column(p)} FROM t WHERE ({i[0]}) "
            f"AND {scope.column(p, 'key')} = {scope.literal(p['value'])})"
        ),
        pandas=lambda p, i: (
            f"{i[0]}.loc[{i[0]}[{python(text(p, 'key'))}] == {python(p['value'])}, "
            f"{python(text(p, 'column'))}].iloc[0]"
        ),
        variable=lambda p, _i: snake(p["column"], "of", p["value"]),
        wordings=(
            f"the {word} of {{column}} in the row where {{key}} is {{value}}[ among {{0}}]",
            f"the {word} of {{column}} in the row whose {{key}} is {{value}}[ among {{0}}]",
        ),
        bindings=bindings,
    )


def _named_rows(roles: Roles, columns: Sequence[SheetColumn]) -> Sequence[Parameters]:
    """Return some rows of each key, spread over the table, with each column."""
    return [
        {"key": key.name, "value": key.present[int(len(key.present) * part)], "column": column.name}
        for key in roles.keys
        for part in EIGHTHS
        for column in columns
    ]


def _first_rows(sheet: Sheet, by: str, positions: Codes, n: int, *, largest: bool) -> list[int]:
    """Return the first n rows of an order, best first; none of them may share its place."""
    rows = ranked(sheet, by, positions, largest=largest)[: n + 1]
    if len(rows) < n:
        raise Rejected("too_few_rows", f"{len(rows)} rows with {by}, asked for {n}")
    for place, (one, following) in enumerate(pairwise(sheet.column(by).numbers[rows].tolist())):
        if close(one, following):
            raise Rejected("tie", f"row {place + 1} by {by} is as large as the next")
    return list(map(int, rows[:n]))


def _sql_order(
    scope: SqlScope, parameters: Parameters, inputs: Sequence[str], read: str, *, largest: bool
) -> str:
    by = scope.column(parameters, "by")
    return (
        f"SELECT {scope.column(parameters, read)} AS v FROM t WHERE ({inputs[0]}) "
        f"AND {by} IS NOT NULL ORDER BY {by} {_ORDERS[largest]}"
    )


def _name_at(*, largest: bool) -> Operator:
    """Make an operator that names the row at a place of an order."""

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        by, n = text(parameters, "by"), integer(parameters, "n")
        row = _first_rows(sheet, by, rows_in(inputs[0]), n, largest=largest)[-1]
        return label_of(_filled(sheet, text(parameters, "key"), row))

    return Operator(
        name=f"name_at_{_SIDES[largest]}",
        inputs=("rows",),
        output="label",
        evaluate=evaluate,
        sql=lambda scope, p, i: (
            f"({_sql_order(scope, p, i, 'key', largest=largest)} "
            f"LIMIT 1 OFFSET {scope.literal(integer(p, 'n') - 1)})"
        ),
        pandas=lambda p, i: (
            f"{i[0]}.{_METHODS[largest]}({integer(p, 'n')}, {python(text(p, 'by'))})"
            f"[{python(text(p, 'key'))}].iloc[-1]"
        ),
        variable=lambda p, _i: snake(p["key"], _SIDES[largest], p["n"], "by", p["by"]),
        wordings=(
            "the {key} of the row with the {n} {by}[ among {0}]",
            "the {key} that has the {n} value of {by}[ among {0}]",
        ),
        words={"n": _places(largest=largest)},
        bindings=ranked_keys(PLACES),
    )


def _cell_at(name: str, output: ValueType, bindings: Bindings, *, largest: bool) -> Operator:
    """Make an operator that reads a cell in the row with an extreme of another column."""

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        by = text(parameters, "by")
        row = _first_rows(sheet, by, rows_in(inputs[0]), 1, largest=largest)[0]
        return _typed(_filled(sheet, text(parameters, "column"), row), output)

    return Operator(
        name=f"{name}_at_{_SIDES[largest]}",
        inputs=("rows",),
        output=output,
        evaluate=evaluate,
        sql=lambda scope, p, i: f"({_sql_order(scope, p, i, 'column', largest=largest)} LIMIT 1)",
        pandas=lambda p, i: (
            f"{i[0]}.{_METHODS[largest]}(1, {python(text(p, 'by'))})"
            f"[{python(text(p, 'column'))}].iloc[0]"
        ),
        variable=lambda p, _i: snake(p["column"], "at", _WORDS[largest], p["by"]),
        wordings=(
            f"the {name} of {{column}} in the row with the {_WORDS[largest]} {{by}}[ among {{0}}]",
            f"the {name} of {{column}} in the row where {{by}} is {_WORDS[largest]}[ among {{0}}]",
        ),
        bindings=bindings,
    )


def _beside(roles: Roles, columns: Sequence[SheetColumn]) -> Sequence[Parameters]:
    """Return each column with each other quantity or scale as ``by``."""
    return [
        {"column": column.name, "by": by.name}
        for column in columns
        for by in (*roles.measures, *roles.scales)
        if column.name != by.name
    ]


def _bottom_names(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    by, n = text(parameters, "by"), integer(parameters, "n")
    rows = _first_rows(sheet, by, rows_in(inputs[0]), n, largest=False)
    return tuple(label_of(_filled(sheet, text(parameters, "key"), row)) for row in rows)


BOTTOM_NAMES = Operator(
    name="bottom_names",
    inputs=("rows",),
    output="list",
    evaluate=_bottom_names,
    sql=lambda scope, p, i: (
        f"{_sql_order(scope, p, i, 'key', largest=False)} LIMIT {scope.literal(integer(p, 'n'))}"
    ),
    pandas=lambda p, i: (
        f"{i[0]}.nsmallest({integer(p, 'n')}, {python(text(p, 'by'))})"
        f"[{python(text(p, 'key'))}].tolist()"
    ),
    variable=lambda p, _i: snake("bottom", p["key"], "by", p["by"]),
    wordings=(
        "the values of {key} in the {n} rows with the smallest {by} (smallest first)[ among {0}]",
        "the values of {key}, smallest first, in the {n} rows with the smallest {by}[ among {0}]",
    ),
    bindings=ranked_keys(LISTED),
)


def _kth(*, largest: bool) -> Operator:
    """Make an operator that reads the value at a place of a column's order."""
    word = _WORDS[largest]

    def evaluate(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        values, n = numbers_in(inputs[0]), integer(parameters, "n")
        different = text(parameters, "ties") == DIFFERENT
        ordered = np.unique(values) if different else np.sort(values)
        if len(ordered) < n:
            raise Rejected("too_few_rows", f"{len(ordered)} values, asked for {n}")
        found: Number = ordered[-n if largest else n - 1].item()
        return found

    def sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        distinct = "DISTINCT " if text(parameters, "ties") == DIFFERENT else ""
        skipped = scope.literal(integer(parameters, "n") - 1)
        return (
            f"(SELECT {distinct}v FROM ({inputs[0]}) WHERE v IS NOT NULL "
            f"ORDER BY v {_ORDERS[largest]} LIMIT 1 OFFSET {skipped})"
        )

    def pandas(parameters: Parameters, inputs: Sequence[str]) -> str:
        once = ".drop_duplicates()" if text(parameters, "ties") == DIFFERENT else ""
        return f"{inputs[0]}{once}.{_METHODS[largest]}({integer(parameters, 'n')}).iloc[-1]"

    return Operator(
        name=f"kth_{word}",
        inputs=("numbers",),
        output="number",
        evaluate=evaluate,
        sql=sql,
        pandas=pandas,
        variable=lambda p, i: snake(word, p["n"], "of", stem(i[0])),
        wordings=(
            "the {n} value (equal values counted {ties}) of {0}",
            "the {n} value, equal values counted {ties}, of {0}",
        ),
        words={
            "n": _places(largest=largest),
            "ties": {EVERY_ROW: "one by one", DIFFERENT: "once"},
        },
        bindings=lambda _roles: [
            {"n": n, "ties": ties} for n in PLACES[1:] for ties in (EVERY_ROW, DIFFERENT)
        ],
        keeps_unit=True,
    )


OPERATORS = (
    _of_row("value", "number", lambda roles: _named_rows(roles, (*roles.measures, *roles.scales))),
    _of_row("label", "label", lambda roles: _named_rows(roles, roles.groups)),
    _name_at(largest=True),
    _name_at(largest=False),
    _cell_at("value", "number", lambda roles: _beside(roles, roles.measures), largest=True),
    _cell_at("value", "number", lambda roles: _beside(roles, roles.measures), largest=False),
    _cell_at("label", "label", lambda roles: _beside(roles, roles.groups), largest=True),
    _cell_at("label", "label", lambda roles: _beside(roles, roles.groups), largest=False),
    BOTTOM_NAMES,
    _kth(largest=True),
    _kth(largest=False),
)
