"""The values that flow between operators, and how an operator takes them.

Each type of the grammar has one Python form:

    rows     Rows: positions of table rows, ascending
    numbers  Cells: one number or None a row
    labels   Cells: one text, integer or None a row
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
from typing import Literal, get_args

from tracemill_datagen.table.sheet import Cell

ValueType = Literal[
    "rows", "numbers", "labels", "number", "label", "groups", "series", "list", "flag"
]
VALUE_TYPES: tuple[ValueType, ...] = get_args(ValueType)

Label = str | int
Number = int | float

TIE = 1e-9
"""Relative difference below which two computed numbers count as equal. Engines add in different
orders and differ by about 1e-12; what is decided by less than this is decided by chance."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Positions of rows, ascending."""

    positions: Sequence[int]


@dataclass(frozen=True, slots=True)
class Cells:
    """One column's cells on some rows."""

    values: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Groups:
    """One number for each label, by ascending label."""

    values: Mapping[Label, Number]


Datum = Rows | Cells | Groups | bool | int | float | str | tuple[Label, ...]


def rows_in(datum: Datum) -> Sequence[int]:
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


def numbers_in(datum: Datum) -> list[Number]:
    """Return the numbers of a ``numbers`` datum, cells without a value left out."""
    # A column's cells were checked when it was typed, and this is the hottest line of all.
    return [cell for cell in _cells(datum) if cell is not None]  # type: ignore[misc]


def labels_in(datum: Datum) -> list[Label]:
    """Return the labels of a ``labels`` datum, cells without a value left out."""
    return [cell for cell in _cells(datum) if cell is not None]  # type: ignore[misc]


def label_of(cell: Cell) -> Label:
    """Return a cell as a label; TypeError for a float or nothing."""
    if isinstance(cell, str | int):
        return cell
    raise TypeError(f"wanted a label, got {cell!r}")


def close(left: Number, right: Number) -> bool:
    """Tell whether two numbers are too close for their order to mean anything."""
    return left == right or math.isclose(left, right, rel_tol=TIE, abs_tol=0.0)


def _cells(datum: Datum) -> Sequence[Cell]:
    if isinstance(datum, Cells):
        return datum.values
    raise TypeError(f"wanted a column, got {type(datum).__name__}")
