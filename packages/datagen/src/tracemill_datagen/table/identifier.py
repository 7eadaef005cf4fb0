"""Which columns identify rows or things: they are never measured as quantities.

The rules stand in ``RULES`` in the order in which they are asked; the first that holds names the
reason. Calendar parts (year, month, hour) never identify: they order and group rows.

What is *not* an identifier though its mean says nothing either: numbered labels (cluster 3), which
group rows. ``tracemill_datagen.table.role`` groups by them and does not measure them. Integers that
are merely all different are quantities, as populations are: only a name or steps show a key.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracemill_datagen.table.sheet import Cell
from tracemill_datagen.table.unit import CALENDAR, words

ID_WORDS = frozenset({
    "id", "ids", "uuid", "guid", "key", "code", "zip", "zipcode", "postcode", "fips", "isbn", "ssn",
    "phone", "identification", "identifier", "tailnum", "rownum",
})  # fmt: skip
"""A column whose name ends in one of these holds codes, whether or not they repeat."""

NUMBERED = frozenset({"number", "num", "nr", "no"})
"""Behind another word these number things: ``order no``. Alone ``Number`` may be a count."""

NUMBERED_THINGS = frozenset({"flight", "district", "precinct", "tract"})
"""Last words of columns whose integers number things, though no such word follows them."""

MIN_ROWS = 10
"""With fewer rows a permutation or a run of steps comes about by chance."""

MIN_RUN = 5
"""Rows that go up by exactly one from the first to the last; 1 in 120 at 5 if shuffled."""

NEAR_UNIQUE = 0.95
"""Share of distinct values from which codes count as near-unique."""

MAX_GAPS = 2.0
"""Integers that only go up, at most this far a row on average, are a counter with gaps."""

MAX_SHORT_CODE = 5
"""Capitals and digits of one length up to this are codes where near-unique: ``AL``, ``KABE``."""

_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9_#:./-]+", re.ASCII)
_PERIOD = re.compile(r"\d{4}[-/ ]?(?:Q[1-4]|H[12]|M\d{1,2}|W\d{1,2})", re.ASCII)
_SHORT_CODE = re.compile(rf"[A-Z0-9]{{2,{MAX_SHORT_CODE}}}", re.ASCII)
_HEX = re.compile(r"(?=.*\d)[0-9a-f]{16,}", re.ASCII | re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_DIGITS = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A column that may identify.

    Attributes:
        name: Header text.
        values: The typed cells: integers or texts.
        distinct: The different ones among those with a value.
    """

    name: str
    values: Sequence[Cell]
    distinct: Sequence[Cell]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the name."""
        return words(self.name)

    @cached_property
    def integers(self) -> tuple[int, ...]:
        """The distinct values, if all are integers."""
        found = tuple(value for value in self.distinct if isinstance(value, int))
        return found if len(found) == len(self.distinct) else ()

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The distinct values, if all are texts."""
        found = tuple(value for value in self.distinct if isinstance(value, str))
        return found if len(found) == len(self.distinct) else ()

    @property
    def whole(self) -> bool:
        """True if every row has its own value."""
        return len(self.distinct) == len(self.values)

    @property
    def near_unique(self) -> bool:
        """True if there are enough rows and nearly every one has its own value."""
        present = sum(value is not None for value in self.values)
        return present >= MIN_ROWS and len(self.distinct) >= NEAR_UNIQUE * present

    def all_match(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether there are texts and each matches as a whole."""
        return bool(self.texts) and all(map(pattern.fullmatch, self.texts))


def identified_by(name: str, values: Sequence[Cell]) -> str | None:
    """Return the name of the rule by which a column identifies, or None.

    Args:
        name: Header text.
        values: The typed cells of a column of integers or texts.
    """
    distinct = dict.fromkeys(values)
    distinct.pop(None, None)
    column = Candidate(name=name, values=values, distinct=tuple(distinct))
    if not distinct or any(word in CALENDAR for word in column.words):
        return None
    if column.all_match(_PERIOD):
        return None
    return next((rule for rule, holds in RULES if holds(column)), None)


def _is_named(column: Candidate) -> bool:
    if not column.words:
        return False
    last = column.words[-1]
    named = last in ID_WORDS or (last in NUMBERED and len(column.words) > 1)
    if column.texts:
        return named and len(column.distinct) > 2
    return named or last in NUMBERED_THINGS


def _numbers_the_rows(column: Candidate) -> bool:
    values = column.values
    if len(values) < MIN_RUN or not column.integers or not isinstance(values[0], int):
        return False
    step = 1 if values[1] == values[0] + 1 else -1
    return all(cell == values[0] + step * row for row, cell in enumerate(values))


def _numbers_shuffled_rows(column: Candidate) -> bool:
    if len(column.values) < MIN_ROWS or not column.whole or not column.integers:
        return False
    return max(column.integers) - min(column.integers) + 1 == len(column.values)


def _counts_with_gaps(column: Candidate) -> bool:
    ids = column.integers
    if len(ids) < 2 * MIN_ROWS or not column.whole or ids[-1] - ids[0] > MAX_GAPS * len(ids):
        return False
    return ids[0] >= 0 and all(low < high for low, high in itertools.pairwise(ids))


def _is_hexadecimal(column: Candidate) -> bool:
    return column.all_match(_UUID) or column.all_match(_HEX)


def _is_digits_kept_as_text(column: Candidate) -> bool:
    return len(column.distinct) > 2 and column.all_match(_DIGITS)


def _is_near_unique_code(column: Candidate) -> bool:
    return column.near_unique and column.all_match(_CODE)


def _is_short_code(column: Candidate) -> bool:
    same = len({len(text) for text in column.texts}) == 1
    return same and column.near_unique and column.all_match(_SHORT_CODE)


RULES: tuple[tuple[str, Callable[[Candidate], bool]], ...] = (
    ("its name", _is_named),
    ("steps of one from row to row", _numbers_the_rows),
    ("every number of a range once", _numbers_shuffled_rows),
    ("a counter with gaps", _counts_with_gaps),
    ("hexadecimal keys", _is_hexadecimal),
    ("digits that are no number", _is_digits_kept_as_text),
    ("near-unique codes", _is_near_unique_code),
    ("short codes of one length", _is_short_code),
)
"""Rule -> whether it holds."""
