"""What a typed column is: a quantity, a category, free text, or an identifier.

Identifier columns are never measured as quantities. A column is one if it numbers the rows, if its
name says so and its values do not contradict it, or if its texts are near-unique codes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracemill_datagen.table.sheet import Cell
from tracemill_datagen.table.unit import CALENDAR, words
from tracemill_schema.table import ColumnKind

ID_WORDS = frozenset({
    "id", "ids", "uuid", "guid", "key", "code", "zip", "zipcode", "fips", "phone",
})  # fmt: skip
"""A column whose name ends in one of these holds codes, whether or not they repeat."""

MAX_CATEGORIES = 50
"""A text column with more distinct values than this is text, not a category."""

NEAR_UNIQUE = 0.95
"""Share of distinct values from which codes count as near-unique."""

_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9_#:./-]+", re.ASCII)


def kind_of(name: str, typing: str, values: Sequence[Cell]) -> ColumnKind:
    """Decide the kind of a typed column.

    Args:
        name: Header text.
        typing: What ``tracemill_datagen.table.cell.typed`` said.
        values: The typed cells.
    """
    present = [cell for cell in values if cell is not None]
    distinct = list(dict.fromkeys(present))
    if typing == "integer":
        return "identifier" if _identifies(name, values, distinct) else "integer"
    if typing == "number":
        return "number"
    if typing in {"boolean", "datetime"}:
        return "boolean" if typing == "boolean" else "datetime"
    if _text_identifies(name, present, distinct):
        return "identifier"
    few = len(distinct) <= MAX_CATEGORIES and len(present) >= 2 * len(distinct) > 0
    return "category" if few else "text"


def _identifies(name: str, values: Sequence[Cell], distinct: Sequence[Cell]) -> bool:
    parts = words(name)
    if any(part in CALENDAR for part in parts):
        return False
    if parts and parts[-1] in ID_WORDS:
        return True
    return len(distinct) >= 5 and _numbers_the_rows(values)


def _numbers_the_rows(values: Sequence[Cell]) -> bool:
    first = values[0]
    return isinstance(first, int) and all(cell == first + row for row, cell in enumerate(values))


def _text_identifies(name: str, present: Sequence[Cell], distinct: Sequence[Cell]) -> bool:
    parts = words(name)
    if parts and parts[-1] in ID_WORDS:
        return len(distinct) > 2
    if len(present) < 10 or len(distinct) < NEAR_UNIQUE * len(present):
        return False
    return all(isinstance(cell, str) and _CODE.fullmatch(cell) is not None for cell in distinct)
