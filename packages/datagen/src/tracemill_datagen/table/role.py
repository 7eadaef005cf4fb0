"""What the columns of a table may be asked for: measured, grouped by, named, dated."""

from __future__ import annotations

from dataclasses import dataclass

from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.table.unit import is_quantity, orders_rows
from tracemill_schema.completion import TAGS

MIN_DISTINCT = 5
"""A quantity with fewer distinct values is a code or a flag; its mean or quantile says little."""

MAX_GROUPS = 30
"""A column with more groups than this is not grouped by: a solver would print pages."""

MAX_INTEGER_GROUPS = 12
"""An integer column that is no calendar part or label and has more values is a quantity only."""

MIN_GROUP_ROWS = 5
"""Mean rows per group that an integer column needs before it counts as one of groups."""

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
        groups: Columns of 2 to 30 groups: categories, booleans and small integers.
        keys: Text columns that name every row differently.
        dates: ISO dates and times.
        sparse: Measures, groups and dates with cells without a value.
    """

    measures: tuple[SheetColumn, ...]
    groups: tuple[SheetColumn, ...]
    keys: tuple[SheetColumn, ...]
    dates: tuple[SheetColumn, ...]
    sparse: tuple[SheetColumn, ...]


def roles_of(sheet: Sheet) -> Roles:
    """Sort a table's columns into roles; a column whose name holds a tag has none."""
    columns = tuple(column for column in sheet.columns if not _tagged(column.name))
    measures = tuple(column for column in columns if _measured(column))
    groups = tuple(column for column in columns if _grouped(column, sheet.rows))
    dates = tuple(c for c in columns if c.kind == "datetime" and len(c.distinct) > 2)
    return Roles(
        measures=measures,
        groups=groups,
        keys=tuple(column for column in columns if _names_rows(column)),
        dates=dates,
        sparse=tuple(c for c in columns if c.nulls and c in (*measures, *groups, *dates)),
    )


def _measured(column: SheetColumn) -> bool:
    return (
        column.kind in {"integer", "number"}
        and len(column.distinct) >= MIN_DISTINCT
        and is_quantity(column.name)
        and all(not isinstance(v, str) and abs(v) <= MAX_MAGNITUDE for v in column.distinct)
    )


def _grouped(column: SheetColumn, rows: int) -> bool:
    groups = len(column.distinct)
    if not 2 <= groups <= MAX_GROUPS:
        return False
    if column.kind == "integer":
        few = groups <= MAX_INTEGER_GROUPS or orders_rows(column.name)
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
