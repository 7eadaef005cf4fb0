"""A table in memory: typed columns as tuples.

Cells are ``int``, ``float``, ``str`` or ``None`` (no value). Dates, times and booleans are held as
their text (``2012-05-01``, ``True``): ISO forms of one shape sort as they stand, and every engine
then compares the same characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from tracemill_schema.table import ColumnKind

Cell = int | float | str | None
"""One cell; ``None`` is a cell without a value."""


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """One typed column.

    Attributes:
        name: Header text, white space folded.
        kind: What its values are; see ``tracemill_datagen.table.kind``.
        values: One cell a row; numbers for ``integer`` and ``number``, text for all other kinds
            except ``identifier``, which keeps whichever it was read as.
        unit: Unit that the name or the cells hint at, or None. It stands in the profile and not in
            the normal CSV, so that columns are not compared by it.
    """

    name: str
    kind: ColumnKind
    values: tuple[Cell, ...]
    unit: str | None = field(default=None, compare=False)

    @cached_property
    def present(self) -> tuple[int | float | str, ...]:
        """The cells that have a value, in row order."""
        if None not in self.values:
            return cast("tuple[int | float | str, ...]", self.values)
        return tuple(cell for cell in self.values if cell is not None)

    @cached_property
    def distinct(self) -> tuple[int | float | str, ...]:
        """The distinct values in order of first appearance."""
        return tuple(dict.fromkeys(self.present))

    @cached_property
    def sorted_values(self) -> tuple[int | float | str, ...]:
        """The cells that have a value, ascending."""
        if self.numeric:
            return tuple(sorted(cell for cell in self.present if not isinstance(cell, str)))
        return tuple(sorted(cell for cell in self.present if isinstance(cell, str)))

    @cached_property
    def numeric_texts(self) -> bool:
        """True if some cell is text that other readers would take for a number (a code)."""
        return not self.numeric and any(_floats(str(value)) for value in self.distinct)

    @property
    def nulls(self) -> int:
        """How many cells have no value."""
        return len(self.values) - len(self.present)

    @cached_property
    def numeric(self) -> bool:
        """True if the cells are numbers."""
        return bool(self.present) and not isinstance(self.present[0], str)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A whole table.

    Attributes:
        name: Lower-case name, used for files and in prompts.
        digest: SHA-256 of the table's normal CSV bytes (``tracemill_datagen.table.writer``).
        columns: At least one column; all have the same number of cells.
        notes: What reading changed or could not decide, a sentence each; for people, not compared.
    """

    name: str
    digest: str
    columns: tuple[SheetColumn, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def rows(self) -> int:
        """Number of data rows."""
        return len(self.columns[0].values)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Column name -> position."""
        return {column.name: position for position, column in enumerate(self.columns)}

    def column(self, name: str) -> SheetColumn:
        """Return a column by its name.

        Raises:
            KeyError: if there is none of that name.
        """
        return self.columns[self.positions[name]]


def _floats(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
