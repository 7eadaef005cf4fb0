"""How the columns of one file write their numbers and dates, decided for all of them together.

A column is converted only if every cell agrees and only one number or date can be meant:

1. What is plain (``tracemill_datagen.table.cell``) is taken as it is.
2. A sign that all cells share (``%``, ``$``, ``€`` ...) goes and becomes the column's unit.
3. Every notation that reads all cells is asked. If they say the same numbers, these are taken.
4. If not (``1,234``), the file's decimal mark decides, where columns of which there is no doubt
   show it: ``1,5`` a comma, ``1.5`` a point. Where none shows it, a point is meant in a file with
   commas between its cells.
5. What is still in doubt stays text, and a note says so.

``1.234`` is plain: it is 1234 only in a file that shows a decimal comma.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracemill_datagen.table.cell import Typing, narrowed, typed, with_value
from tracemill_datagen.table.moment import dated
from tracemill_datagen.table.notation import Reading, readings, without_sign
from tracemill_datagen.table.sheet import Cell

_DOTTED = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)
_SEPARATORS = re.compile(r"[.,]")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One typed column.

    Attributes:
        typing: Its type.
        cells: Its cells.
        unit: Unit that all cells named, or None.
        note: What was changed or could not be decided, without the column's name; or None.
    """

    typing: Typing
    cells: tuple[Cell, ...]
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Doubtful:
    """A column that is not plain, or may mean something else than what it plainly says."""

    texts: Sequence[str]
    plain: Typed
    unit: str | None = None
    bare: Mapping[str, str] = field(default_factory=dict)
    found: tuple[Reading, ...] = ()

    @property
    def mark(self) -> str | None:
        """The decimal mark, if no reading has another and some cell has a separator."""
        marks = {reading.notation.decimal for reading in self.found}
        shown = any(_SEPARATORS.search(text) for text in self.bare.values())
        return marks.pop() if len(marks) == 1 and shown else None


def typed_columns(columns: Sequence[Sequence[str]], *, delimiter: str) -> tuple[Typed, ...]:
    """Type the trimmed cells of a file's columns.

    Args:
        columns: The cells of each column.
        delimiter: What stands between the cells of a line.
    """
    found = [_looked_at(texts) for texts in columns]
    mark = _mark(found, delimiter)
    return tuple(each if isinstance(each, Typed) else _settled(each, mark) for each in found)


def _mark(columns: Sequence[Typed | _Doubtful], delimiter: str) -> str | None:
    """Return the decimal mark of a file, None if nothing shows it or its columns show both."""
    shown = {
        "." if isinstance(column, Typed) else column.mark
        for column in columns
        if isinstance(column, _Doubtful) or column.typing == "number"
    } - {None}
    if not shown:
        return "." if delimiter == "," else None
    return shown.pop() if len(shown) == 1 else None


def _looked_at(texts: Sequence[str]) -> Typed | _Doubtful:
    typing, cells = typed(texts)
    plain = Typed(typing=typing, cells=cells)
    strict = with_value(texts) if typing in {"text", "number"} else []
    if typing == "number" and all(map(_DOTTED.fullmatch, strict)):
        same = {text: text for text in strict}
        return _Doubtful(texts=texts, plain=plain, bare=same, found=readings(strict))
    if typing != "text" or not strict:
        return plain
    unit, bare = without_sign(strict) or (None, {text: text for text in strict})
    return _Doubtful(
        texts=texts, plain=plain, unit=unit, bare=bare, found=readings([*bare.values()])
    )


def _settled(column: _Doubtful, mark: str | None) -> Typed:
    if not column.found:
        return _as_dates(column)
    chosen = [reading for reading in column.found if reading.notation.decimal == mark]
    for group in (column.found, chosen):
        if group and all(reading.values == group[0].values for reading in group):
            return _converted(column, group[0])
    if column.plain.typing != "text":
        return column.plain
    text = next(iter(column.bare))
    said = " or ".join(
        dict.fromkeys(f"{reading.values[column.bare[text]]:.15g}" for reading in column.found)
    )
    return Typed(
        typing="text",
        cells=column.plain.cells,
        note=f"{text!r} may mean {said}, so the column is kept as text",
    )


def _converted(column: _Doubtful, reading: Reading) -> Typed:
    values = {text: reading.values[bare] for text, bare in column.bare.items()}
    typing, cells = narrowed("number", values, column.texts)
    sign = f", in {column.unit}" if column.unit else ""
    text = next(iter(values))
    return Typed(
        typing=typing,
        cells=cells,
        unit=column.unit,
        note=f"{text!r} is read as the number {values[text]:.15g}{sign}",
    )


def _as_dates(column: _Doubtful) -> Typed:
    found = dated(list(column.bare)) if column.unit is None else ()
    if not found:
        return column.plain
    says, values = found[0]
    text = next(iter(values))
    if any(others != values for _, others in found):
        forms = " or ".join(form for form, _ in found)
        note = f"{text!r} may be {forms}, so the column is kept as text"
        return Typed(typing="text", cells=column.plain.cells, note=note)
    typing, cells = narrowed("datetime", values, column.texts)
    return Typed(typing=typing, cells=cells, note=f"{text!r} is read as {says}: {values[text]}")
