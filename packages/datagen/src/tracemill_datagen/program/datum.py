"""The values that flow between operators, and how an operator takes them.

Each type of the grammar has one Python form:

    rows     Rows: positions of table rows, ascending
    numbers  Cells: one number or nothing a row
    labels   Cells: one text, integer or nothing a row
    number   int or float
    label    str or int
    groups   Groups: label -> number
    series   Groups whose labels are periods of time, in their order
    list     tuple of labels, in order
    flag     True or False: whether a computed condition holds
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from tracemill_datagen.table.sheet import Cell, Codes, Numbers, SheetColumn

ValueType = Literal[
    "rows", "numbers", "labels", "number", "label", "groups", "series", "list", "flag"
]
VALUE_TYPES: tuple[ValueType, ...] = get_args(ValueType)

Label = str | int
Number = int | float

TIE = 1e-9
"""Relative difference below which two computed numbers count as equal. Engines add in different
orders and differ by about 1e-12; what is decided by less than this is decided by chance."""


class Rows:
    """Positions of rows, ascending.

    Attributes:
        positions: The positions, shape (n,).
    """

    __slots__ = ("positions",)

    def __init__(self, positions: Codes | Sequence[int]) -> None:
        self.positions: Codes = np.asarray(positions, dtype=np.intp)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and np.array_equal(self.positions, other.positions)

    __hash__ = None  # type: ignore[assignment]  # positions are not frozen

    def __repr__(self) -> str:
        return f"Rows({self.positions.tolist()})"


class Cells:
    """One column's cells on some rows.

    Attributes:
        column: The column.
        rows: Positions of the rows, shape (n,).
    """

    def __init__(self, column: SheetColumn, rows: Codes) -> None:
        self.column = column
        self.rows = rows

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cells):
            return False
        if self.column is other.column:
            return np.array_equal(self._codes, other._codes)
        return self._listed() == other._listed()

    __hash__ = None  # type: ignore[assignment]  # rows are not frozen

    def __repr__(self) -> str:
        return f"Cells({self._listed()})"

    @cached_property
    def filled(self) -> Codes:
        """Positions of the rows that have a value."""
        return self.rows[self.column.codes[self.rows] >= 0] if self.column.nulls else self.rows

    @cached_property
    def codes(self) -> Codes:
        """The codes of the cells that have a value."""
        return self.column.codes[self.filled]

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of the cells that have a value."""
        return self.column.numbers[self.filled]

    @property
    def empty(self) -> int:
        """How many cells have no value."""
        return len(self.rows) - len(self.filled)

    @property
    def _codes(self) -> Codes:
        return self.column.codes[self.rows]

    def _listed(self) -> list[Cell]:
        return [self.column.values[row] for row in self.rows.tolist()]


@dataclass(frozen=True, slots=True)
class Groups:
    """One number for each label, by ascending label."""

    values: Mapping[Label, Number]


Datum = Rows | Cells | Groups | bool | int | float | str | tuple[Label, ...]


def rows_in(datum: Datum) -> Codes:
    """Return the positions of a ``rows`` datum; TypeError if it is anything else."""
    if isinstance(datum, Rows):
        return datum.positions
    raise TypeError(f"wanted rows, got {type(datum).__name__}")


def groups_in(datum: Datum) -> Mapping[Label, Number]:
    """Return the mapping of a ``groups`` datum; TypeError if it is anything else."""
    if isinstance(datum, Groups):
        return datum.values
    raise TypeError(f"wanted groups, got {type(datum).__name__}")


def number_in(datum: Datum) -> Number:
    """Return a ``number`` datum; TypeError if it is anything else."""
    if isinstance(datum, int | float) and not isinstance(datum, bool):
        return datum
    raise TypeError(f"wanted a number, got {type(datum).__name__}")


def flag_in(datum: Datum) -> bool:
    """Return a ``flag`` datum; TypeError if it is anything else, 0 and 1 included."""
    if isinstance(datum, bool):
        return datum
    raise TypeError(f"wanted a flag, got {type(datum).__name__}")


def cells_in(datum: Datum) -> Cells:
    """Return a ``numbers`` or ``labels`` datum; TypeError if it is anything else."""
    if isinstance(datum, Cells):
        return datum
    raise TypeError(f"wanted a column, got {type(datum).__name__}")


def numbers_in(datum: Datum) -> Numbers:
    """Return the numbers of a ``numbers`` datum, cells without a value left out."""
    return cells_in(datum).numbers


def label_of(cell: Cell) -> Label:
    """Return a cell as a label; TypeError for a float or nothing."""
    if isinstance(cell, str | int):
        return cell
    raise TypeError(f"wanted a label, got {cell!r}")


def close(left: Number, right: Number) -> bool:
    """Tell whether two numbers are too close for their order to mean anything."""
    return left == right or math.isclose(left, right, rel_tol=TIE, abs_tol=0.0)
