"""Dates as people write them, put into ISO 8601 where every cell of a column agrees.

Read: ``2012/05/01``, ``01.05.2012`` (the day first), and ``5/1/2012`` or ``5-1-2012`` where only
one of day-month and month-day gives a date in every cell. Each may be followed by a time of day in
24 hours. Years have four digits. Anything else (names of months, am and pm, 12/05/01) stays text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracemill_datagen.table.cell import one_shape, parsed
from tracemill_datagen.table.sheet import Cell

_PARTS = ("year", "month", "day", "hour", "minute", "second")
_TIME = r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A way to write dates.

    Attributes:
        says: What a person calls it.
        pattern: Matches a whole text; groups ``year``, ``month``, ``day`` and those of a time.
    """

    says: str
    pattern: re.Pattern[str]

    def value(self, text: str) -> Cell:
        """Return a text in ISO 8601, or None if it is no date of this form."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        year, month, day, hour, minute, second = (int(found[name] or 0) for name in _PARTS)
        try:
            date = datetime.date(year, month, day)
            time = datetime.time(hour, minute, second)
        except ValueError:
            return None
        if found["hour"] is None:
            return date.isoformat()
        spec = "minutes" if found["second"] is None else "seconds"
        return f"{date.isoformat()}T{time.isoformat(timespec=spec)}"


def _form(says: str, date: str) -> Form:
    return Form(says=says, pattern=re.compile(date + _TIME, re.ASCII))


_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"

FORMS = (
    _form("year/month/day", f"{_YEAR}/{_MONTH}/{_DAY}"),
    _form("day.month.year", rf"{_DAY}\.{_MONTH}\.{_YEAR}"),
    _form("month/day/year", f"{_MONTH}/{_DAY}/{_YEAR}"),
    _form("day/month/year", f"{_DAY}/{_MONTH}/{_YEAR}"),
    _form("month-day-year", f"{_MONTH}-{_DAY}-{_YEAR}"),
    _form("day-month-year", f"{_DAY}-{_MONTH}-{_YEAR}"),
)


def dated(texts: Sequence[str]) -> tuple[tuple[str, dict[str, Cell]], ...]:
    """Return what the different texts of a column say in every form that reads all of them.

    Returns:
        For each such form its name, and the date in ISO 8601 that each text says.
    """
    found = ((form.says, parsed(texts, form.value)) for form in FORMS)
    return tuple((says, values) for says, values in found if values and _alike(values))


def _alike(values: dict[str, Cell]) -> bool:
    return one_shape([value for value in values.values() if isinstance(value, str)])
