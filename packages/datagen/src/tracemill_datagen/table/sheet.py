"""A table in memory: typed columns as tuples.

Cells are ``int``, ``float``, ``str`` or ``None`` (no value). Dates, times and booleans are held as
their text (``2012-05-01``, ``True``): ISO forms of one shape sort as they stand, and every engine
then compares the same characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tracemill_schema.table import ColumnKind

Level = int | float | str
"""One value of a column."""

Cell = Level | None
"""One cell; ``None`` is a cell without a value."""

Codes = NDArray[np.intp]
"""Places: of a cell's value among a column's levels, -1 for no value; or of rows in a table."""

Numbers = NDArray[np.int64] | NDArray[np.float64]
"""Numbers of one kind: integers exactly, or doubles."""

LARGEST_INTEGER = 2**53
"""Integers up to here are doubles exactly; a column with larger ones is one of doubles."""


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

    def __hash__(self) -> int:
        return hash((self.name, self.kind, len(self.values)))

    def holding(self, levels: tuple[Level, ...], codes: Codes) -> SheetColumn:
        """Return a column of the same name and kind with other cells.

        Args:
            levels: Its distinct values, ascending; it need not hold them all.
            codes: The place of each cell's value among them, shape (rows,); -1 for no value.
        """
        cells = np.array([*levels, None], dtype=object)[codes]
        column = replace(self, values=tuple(cells.tolist()))
        vars(column).update(levels=levels, codes=codes)  # what cached properties would find out
        return column

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
    def levels(self) -> tuple[Level, ...]:
        """The distinct values, ascending."""
        return tuple(sorted(self.distinct))

    @cached_property
    def codes(self) -> Codes:
        """The place of each cell's value among the levels, shape (rows,); -1 for no value."""
        places: dict[Cell, int] = {level: place for place, level in enumerate(self.levels)}
        places[None] = -1
        found = map(places.__getitem__, self.values)
        return np.fromiter(found, dtype=np.intp, count=len(self.values))

    @cached_property
    def numbers(self) -> Numbers:
        """The cells as numbers, shape (rows,); what stands for no value means nothing."""
        levels = [level for level in self.levels if not isinstance(level, str)]
        whole = all(isinstance(v, int) and abs(v) <= LARGEST_INTEGER for v in levels)
        # The code of a cell without a value, -1, reads the last place.
        if whole:
            return np.array([*levels, 0], dtype=np.int64)[self.codes]
        return np.array([*levels, 0], dtype=np.float64)[self.codes]

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
