"""What the columns of a table may be asked for: measured, added up, grouped by, named, dated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tracemill_datagen.table.amount import adds_up, has_true_zero, is_timed
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.table.unit import is_quantity, orders_rows, words
from tracemill_schema.completion import TAGS
from tracemill_schema.table import ColumnKind

MIN_DISTINCT = 5
"""A quantity with fewer distinct values is a code or a flag; its mean or quantile says little."""

MAX_GROUPS = 30
"""A column with more groups than this is not grouped by: a solver would print pages."""

MAX_INTEGER_GROUPS = 12
"""An integer column that is no calendar part or label and has more values is a quantity only."""

MIN_GROUP_ROWS = 5
"""Mean rows per group that an integer column needs before it counts as one of groups."""

MIN_CLASS_ROWS = 10
"""Fewest rows of the two most frequent values of a column that rows are chosen by."""

MAX_LABEL = 60
"""Longest text, in characters, that stands in a question or is asked for as an answer."""

MAX_MAGNITUDE = 10**15
"""Beyond this a double no longer holds tenths, and engines that add in different orders differ in
what they round: such numbers are neither measured nor answers."""


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The columns of one table by what may be done with them; each in the table's order.

    Attributes:
        measures: Quantities: integer and number columns that are no calendar part, coordinate,
            direction or numbered label, of up to 1e15.
        additive: Measures whose sum over rows means something (``amount.py``).
        proportional: Measures with a true zero, of which ratios and percentages mean something.
        scales: Numbers that order rows and are neither added nor averaged: years, coordinates.
        groups: Columns of 2 to 30 groups: categories, booleans and small integers.
        classes: Columns of more groups than that, some of which recur: texts, and calendar parts.
        keys: Text columns that name every row differently.
        dates: ISO dates and times.
        sparse: Measures, groups and dates with cells without a value.
    """

    measures: tuple[SheetColumn, ...]
    additive: tuple[SheetColumn, ...]
    proportional: tuple[SheetColumn, ...]
    scales: tuple[SheetColumn, ...]
    groups: tuple[SheetColumn, ...]
    classes: tuple[SheetColumn, ...]
    keys: tuple[SheetColumn, ...]
    dates: tuple[SheetColumn, ...]
    sparse: tuple[SheetColumn, ...]


def roles_of(sheet: Sheet) -> Roles:
    """Sort a table's columns into roles; a column whose name holds a tag has none."""
    columns = tuple(column for column in sheet.columns if not _tagged(column.name))
    measures = tuple(column for column in columns if _measured(column))
    groups = tuple(column for column in columns if _grouped(column, sheet.rows))
    dates = tuple(c for c in columns if c.kind == "datetime" and len(c.distinct) > 2)
    timed = any(c.kind == "datetime" for c in sheet.columns) or is_timed(tuple(sheet.positions))
    return Roles(
        measures=measures,
        additive=tuple(c for c in measures if adds_up(c.name, _least(c), timed=timed)),
        proportional=tuple(c for c in measures if has_true_zero(c.name, _least(c), c.unit)),
        scales=tuple(c for c in columns if c not in measures and _ordered(c)),
        groups=groups,
        classes=tuple(c for c in columns if c not in (*measures, *groups) and _recurs(c)),
        keys=tuple(column for column in columns if _names_rows(column)),
        dates=dates,
        sparse=tuple(c for c in columns if c.nulls and c in (*measures, *groups, *dates)),
    )


def is_measured(name: str, kind: ColumnKind, distinct: int) -> bool:
    """Tell whether a column is a quantity.

    Args:
        name: Header text.
        kind: What its values are.
        distinct: How many different ones there are.
    """
    # 9.63 is a time taken, and no time of day.
    taken = kind == "number" and words(name)[-1:] == ("time",)
    numbers = kind in {"integer", "number"} and distinct >= MIN_DISTINCT
    return numbers and (is_quantity(name) or taken)


def _measured(column: SheetColumn) -> bool:
    return _ordered(column) and is_measured(column.name, column.kind, len(column.distinct))


def _ordered(column: SheetColumn) -> bool:
    return (
        column.kind in {"integer", "number"}
        and len(column.distinct) >= MIN_DISTINCT
        and all(not isinstance(v, str) and abs(v) <= MAX_MAGNITUDE for v in column.distinct)
    )


def _least(column: SheetColumn) -> int | float:
    least = column.sorted_values[0]
    if isinstance(least, str):
        raise TypeError(f"{column.name}: wanted a quantity")
    return least


def _recurs(column: SheetColumn) -> bool:
    """Tell whether rows can be chosen by a value of a column with too many groups to group by."""
    if len(column.distinct) <= MAX_GROUPS and column.kind != "integer":
        return False
    if column.kind == "integer" and not orders_rows(column.name):
        return False
    usual = Counter(column.present).most_common(2)
    often = len(usual) == 2 and usual[1][1] >= MIN_CLASS_ROWS
    return often and column.kind in {"text", "category", "integer"} and _sayable(column)


def _grouped(column: SheetColumn, rows: int) -> bool:
    groups = len(column.distinct)
    if not 2 <= groups <= MAX_GROUPS:
        return False
    if column.kind == "integer":
        amount = adds_up(column.name, 0, timed=False)
        few = (groups <= MAX_INTEGER_GROUPS and not amount) or orders_rows(column.name)
        return few and rows >= MIN_GROUP_ROWS * groups
    return column.kind in {"category", "boolean"} and _sayable(column)


def _names_rows(column: SheetColumn) -> bool:
    named = column.kind in {"text", "identifier"} and not column.numeric and not column.nulls
    return named and len(column.distinct) == len(column.values) and _sayable(column)


def _sayable(column: SheetColumn) -> bool:
    """True if the texts can stand in quotes in a prompt and be told apart as answers.

    They are short, on one line, without double quotes and tags, and differ by more than case.
    """
    texts = [text for text in column.distinct if isinstance(text, str)]
    folded = {" ".join(text.split()).casefold().strip("\"'").rstrip(".") for text in texts}
    plain = all(
        len(text) <= MAX_LABEL and text.isprintable() and '"' not in text and not _tagged(text)
        for text in texts
    )
    return plain and len(folded) == len(texts)


def _tagged(text: str) -> bool:
    return any(tag in text for tag in TAGS)
