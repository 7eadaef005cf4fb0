"""Numbers as people write them: thousands separators, decimal commas, percent and currency signs.

A text may say different numbers in different notations: ``1,234`` is 1234 or 1.234.
``readings`` gives what a column says in each notation that reads all of it; who asks decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tracemill_datagen.table.cell import number, parsed
from tracemill_datagen.table.sheet import Cell

SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"

UNITS = {
    "%": "%", "$": "$", "US$": "$", "USD": "$", "€": "€", "EUR": "€", "£": "£", "GBP": "£",
    "¥": "¥", "JPY": "¥", "CHF": "CHF",
}  # fmt: skip
"""Sign before or behind a number -> unit; ``%`` stands behind only."""

_SIGNS = "|".join(re.escape(sign) for sign in sorted(UNITS, key=len, reverse=True))
_SIGNED = re.compile(
    rf"(?P<minus>[+-]?)(?:(?P<before>(?!%)(?:{_SIGNS}))\s?(?P<first>[+-]?[\d.].*)"
    rf"|(?P<second>[\d.].*?)\s?(?P<behind>{_SIGNS}))",
    re.ASCII,
)


_DIGIT = re.compile(r"\d", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Notation:
    """A way to write numbers.

    Attributes:
        says: What a person calls it.
        groups: Characters that may stand between groups of three digits; all the same in a number.
        decimal: The character before the decimals.
    """

    says: str
    groups: str
    decimal: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        group = f"(?:(?P<g>[{re.escape(self.groups)}])\\d{{3}}(?:(?P=g)\\d{{3}})*)?"
        return re.compile(
            rf"[+-]?(?:\d{{1,3}}{group}|\d+)(?:{re.escape(self.decimal)}\d+)?", re.ASCII
        )

    def value(self, text: str) -> Cell:
        """Return the number that a text says in this notation, or None."""
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        plain = text.replace(found["g"], "") if found["g"] else text
        return number(plain.replace(self.decimal, "."))


NOTATIONS = (
    Notation(says="a comma for thousands", groups=",", decimal="."),
    Notation(says="a decimal comma", groups=".", decimal=","),
    Notation(says="spaces for thousands", groups=SPACES, decimal="."),
    Notation(says="spaces for thousands and a decimal comma", groups=SPACES, decimal=","),
    Notation(says="apostrophes for thousands", groups=APOSTROPHES, decimal="."),
)
"""Source: https://en.wikipedia.org/wiki/Decimal_separator#Digit_grouping."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a column says in one notation.

    Attributes:
        notation: The notation.
        values: The number that each text says.
    """

    notation: Notation
    values: dict[str, Cell]


def readings(texts: Sequence[str]) -> tuple[Reading, ...]:
    """Return what the different texts of a column say in every notation that reads all of them."""
    found = ((notation, parsed(texts, notation.value)) for notation in NOTATIONS)
    return tuple(Reading(notation=notation, values=values) for notation, values in found if values)


def without_sign(texts: Sequence[str]) -> tuple[str, dict[str, str]] | None:
    """Take the percent or currency sign off the different texts of a column.

    Returns:
        The unit, and each text without its sign; None unless every text has the same unit.
    """
    bare: dict[str, str] = {}
    units = set()
    for text in texts:
        found = _SIGNED.fullmatch(text)
        if found is None:
            return None
        units.add(UNITS[found["before"] or found["behind"]])
        bare[text] = found["minus"] + (found["first"] or found["second"])
    return (units.pop(), bare) if len(units) == 1 else None


def is_number(text: str) -> bool:
    """Tell whether a text is one finite number, plain or in any notation, a sign allowed."""
    if _DIGIT.search(text) is None:
        return False
    signed = _SIGNED.fullmatch(text)
    bare = text if signed is None else signed["minus"] + (signed["first"] or signed["second"])
    return number(bare) is not None or any(each.value(bare) is not None for each in NOTATIONS)
