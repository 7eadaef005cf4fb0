"""Reading a day in the forms in which day and month cannot be confused."""

from __future__ import annotations

import datetime
import re

from tracemill_schema.answer_text import bare, unquoted

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?P<name>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_MIDNIGHT = r"(?:[t ]00:00(?::00(?:\.0+)?)?(?:z|\+00:00)?)?"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_MIDNIGHT}",
        rf"{_DAY} (?:of )?{_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
    )
)
"""Year first in figures (ISO 8601, also with strokes or points), or the month as a word."""


def read_date(text: str) -> datetime.date | None:
    """Return the day that a text names, or None; a time of day may only be midnight."""
    plain = " ".join(unquoted(bare(text)).split()).removesuffix(".").casefold()
    for form in _FORMS:
        found = form.fullmatch(plain)
        if found is not None:
            return _day(found.groupdict())
    return None


def _day(parts: dict[str, str | None]) -> datetime.date | None:
    month = int(parts["month"] or 0) if "month" in parts else _month(parts["name"] or "")
    try:
        return datetime.date(int(parts["year"] or 0), month, int(parts["day"] or 0))
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return 1 to 12 for a month's name, whole or its first three letters, else 0."""
    names = (whole for whole in _MONTHS if name in (whole, whole[:3]))
    found = next(names, None)
    return _MONTHS.index(found) + 1 if found else 0
