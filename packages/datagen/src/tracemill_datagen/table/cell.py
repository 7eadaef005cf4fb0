"""Which texts are numbers, dates, booleans or nothing.

``typed`` decides once for a whole column: a column is numbers only if every cell with a value is
one. What looks like a number but is a code (leading zeros, more than 15 digits) stays text. The
type depends on the values and not on how they are written: ``1e3`` is the integer 1000.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Sequence

from tracemill_datagen.table.sheet import Cell

NULLS = frozenset({"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null"})
"""Texts that mean "no value" in any column."""

NULLS_AMONG_NUMBERS = frozenset({"-", "--", "?", ".", "None", "none"})
"""Texts that mean "no value" only where all other cells are numbers, dates or booleans: in a text
column a dash or "None" may be a category."""

MAX_DIGITS = 15
"""Integers of up to 15 digits survive a float (IEEE 754 double); longer ones are codes."""

_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.0*)?", re.ASCII)
_FLOAT = re.compile(r"[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})*(?:\.\d+)?", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$", re.ASCII)
_BOOLEANS = {"true": "True", "false": "False"}


def typed(texts: Sequence[str]) -> tuple[str, tuple[Cell, ...]]:
    """Type the trimmed cells of one column.

    Returns:
        One of ``boolean``, ``integer``, ``number``, ``datetime``, ``text``, and the cells.
    """
    seen = dict.fromkeys(texts)
    strict = [text for text in seen if text not in NULLS and text not in NULLS_AMONG_NUMBERS]
    for kind, parse in _KINDS:
        values = _parsed(strict, parse)
        if values and _one_shape(kind, strict):
            cells = tuple(values.get(text) for text in texts)
            return ("integer", _whole(cells)) if _all_whole(cells) else (kind, cells)
    return "text", tuple(None if text in NULLS else text for text in texts)


def is_number(text: str) -> bool:
    """Tell whether a text is one finite number, thousands separators allowed."""
    return any(parse(text) is not None for parse in (_number, _thousands_number))


def _all_whole(cells: Sequence[Cell]) -> bool:
    """Tell whether all cells are floats that are integers of at most ``MAX_DIGITS`` digits."""
    present = [cell for cell in cells if cell is not None]
    return all(
        isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**MAX_DIGITS
        for cell in present
    )


def _whole(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(int(cell) if isinstance(cell, float) else cell for cell in cells)


def _parsed(texts: Sequence[str], parse: Callable[[str], Cell]) -> dict[str, Cell]:
    values: dict[str, Cell] = {}
    for text in texts:
        value = parse(text)
        if value is None:
            return {}
        values[text] = value
    return values


def _integer(text: str) -> Cell:
    if not _INTEGER.fullmatch(text):
        return None
    whole = text.partition(".")[0]
    return int(whole) if len(whole.lstrip("+-")) <= MAX_DIGITS else None


def _number(text: str) -> Cell:
    if not _FLOAT.fullmatch(text):
        return None
    value = float(text)
    if not math.isfinite(value) or len(text.partition(".")[0].lstrip("+-")) > MAX_DIGITS:
        return None
    return value + 0.0


def _thousands(text: str) -> Cell:
    return _integer(text.replace(",", "")) if _THOUSANDS.fullmatch(text) else None


def _thousands_number(text: str) -> Cell:
    return _number(text.replace(",", "")) if _THOUSANDS.fullmatch(text) else None


def _boolean(text: str) -> Cell:
    return _BOOLEANS.get(text.lower())


def _moment(text: str) -> Cell:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


def _one_shape(kind: str, texts: Sequence[str]) -> bool:
    """Dates sort as text only if all have the same shape and the same offset from UTC."""
    if kind != "datetime":
        return True
    return len({_shape(text) for text in texts}) == 1


def _shape(text: str) -> tuple[str, str]:
    """Return a moment with its digits masked, and its offset from UTC as it is."""
    found = _OFFSET.search(text)
    offset = found[0] if found is not None else ""
    return re.sub(r"\d", "0", text.removesuffix(offset)), offset


_KINDS: tuple[tuple[str, Callable[[str], Cell]], ...] = (
    ("boolean", _boolean),
    ("integer", _integer),
    ("number", _number),
    ("integer", _thousands),
    ("number", _thousands_number),
    ("datetime", _moment),
)
"""Tried in this order; the first that reads every cell wins."""
