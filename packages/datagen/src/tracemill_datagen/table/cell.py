"""Which texts are numbers, dates, booleans or nothing, where all are written plainly.

``typed`` decides once for a whole column: a column is numbers only if every cell with a value is
one. What looks like a number but is a code (leading zeros, more than 15 digits) stays text. The
type depends on the values and not on how they are written: ``1e3`` is the integer 1000. Other
notations (``1.234,5``, ``12 %``, ``5/13/2012``) are read by ``tracemill_datagen.table.dialect``
and written plainly in the normal CSV.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from tracemill_datagen.table.sheet import Cell

Typing = Literal["boolean", "integer", "number", "datetime", "text"]

NULLS = frozenset({"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null"})
"""Texts that mean "no value" in any column."""

NULLS_AMONG_NUMBERS = frozenset({"-", "--", "?", ".", "None", "none"})
"""Texts that mean "no value" only where all other cells are numbers, dates or booleans: in a text
column a dash or "None" may be a category."""

MAX_DIGITS = 15
"""Integers of up to 15 digits survive a float (IEEE 754 double); longer ones are codes."""

_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.0*)?", re.ASCII)
_FLOAT = re.compile(r"[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$", re.ASCII)
_BOOLEANS = {"true": "True", "false": "False"}
_MASK = str.maketrans("123456789", "000000000")


def typed(texts: Sequence[str]) -> tuple[Typing, tuple[Cell, ...]]:
    """Type the trimmed cells of one column.

    Returns:
        The type, and the cells.
    """
    strict = with_value(texts)
    for typing, parse in _KINDS:
        values = parsed(strict, parse)
        if values and (typing != "datetime" or one_shape(strict)):
            return narrowed(typing, values, texts)
    return "text", as_text(texts)


def with_value(texts: Sequence[str]) -> list[str]:
    """Return the different texts that may be values, in order, those for "no value" left out."""
    seen = dict.fromkeys(texts)
    return [text for text in seen if text not in NULLS and text not in NULLS_AMONG_NUMBERS]


def as_text(texts: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells of a column of texts."""
    return tuple(None if text in NULLS else text for text in texts)


def parsed(texts: Sequence[str], parse: Callable[[str], Cell]) -> dict[str, Cell]:
    """Return what each text says, or nothing unless every text says something."""
    values: dict[str, Cell] = {}
    for text in texts:
        value = parse(text)
        if value is None:
            return {}
        values[text] = value
    return values


def narrowed(
    typing: Typing, values: Mapping[str, Cell], texts: Sequence[str]
) -> tuple[Typing, tuple[Cell, ...]]:
    """Return a column's type and cells; numbers that are all whole become integers.

    Args:
        typing: The type that was read.
        values: What each text that has a value says.
        texts: The cells.
    """
    if typing == "number" and all(_is_whole(value) for value in values.values()):
        whole = {text: int(value) for text, value in values.items() if isinstance(value, float)}
        return "integer", tuple(map(whole.get, texts))
    return typing, tuple(map(values.get, texts))


def integer(text: str) -> Cell:
    """Return the integer that a text says, or None."""
    if not _INTEGER.fullmatch(text):
        return None
    whole = text.partition(".")[0]
    return int(whole) if len(whole.lstrip("+-")) <= MAX_DIGITS else None


def number(text: str) -> Cell:
    """Return the finite number that a text says, or None."""
    if not _FLOAT.fullmatch(text):
        return None
    value = float(text)
    if not math.isfinite(value) or len(text.partition(".")[0].lstrip("+-")) > MAX_DIGITS:
        return None
    return value + 0.0


def one_shape(texts: Sequence[str]) -> bool:
    """Tell whether dates sort as text: they need the same shape and the same offset from UTC."""
    return len({_shape(text) for text in texts}) == 1


def _is_whole(value: Cell) -> bool:
    return isinstance(value, float) and value.is_integer() and abs(value) < 10**MAX_DIGITS


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


def _shape(text: str) -> tuple[str, str]:
    """Return a moment with its digits masked, and its offset from UTC as it is."""
    found = _OFFSET.search(text) if len(text) > len("2012-05-01") else None
    offset = found[0] if found is not None else ""
    return text.removesuffix(offset).translate(_MASK), offset


_KINDS: tuple[tuple[Typing, Callable[[str], Cell]], ...] = (
    ("boolean", _boolean),
    ("integer", integer),
    ("number", number),
    ("datetime", _moment),
)
"""Tried in this order; the first that reads every cell wins."""
