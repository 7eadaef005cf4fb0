"""What a typed column is: a quantity, a category, free text, or an identifier."""

from __future__ import annotations

from collections.abc import Sequence

from tracemill_datagen.table.cell import Typing
from tracemill_datagen.table.identifier import identified_by
from tracemill_datagen.table.sheet import Cell
from tracemill_schema.table import ColumnKind

MAX_CATEGORIES = 50
"""A text column with more distinct values than this is text, not a category."""


def kind_of(name: str, typing: Typing, values: Sequence[Cell]) -> ColumnKind:
    """Decide the kind of a typed column.

    Args:
        name: Header text.
        typing: What ``tracemill_datagen.table.cell.typed`` said.
        values: The typed cells.
    """
    if typing in {"integer", "text"} and identified_by(name, values) is not None:
        return "identifier"
    if typing != "text":
        return typing
    distinct = len({*values} - {None})
    present = sum(cell is not None for cell in values) if distinct <= MAX_CATEGORIES else 0
    return "category" if present >= 2 * distinct > 0 else "text"
