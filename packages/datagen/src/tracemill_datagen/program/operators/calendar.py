"""Periods and parts of the dates of a column, and which of them a table may be asked for.

Dates are ISO text of one shape and one offset from UTC in a column, so a period is the beginning
of the text, in the column's own time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from tracemill_datagen.program.datum import Label, label_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Cell, SheetColumn
from tracemill_datagen.table.unit import words

MIN_PERIODS = 4
"""Fewest periods of a series: of fewer, a change or a peak is seen at a glance."""

MIN_COVERAGE = 0.5
"""Fewest of the periods between the first and the last that have rows, as a fraction: monthly
figures have months and years; the days between them are no timeline."""

MIN_HOURS = 4
"""Fewest different hours of a column of moments; of fewer they are an offset from UTC."""

LENGTHS: Mapping[str, int] = {"year": 4, "month": 7, "day": 10}
"""Characters of an ISO date that say its period."""

UNIT_WORDS: Mapping[str, str] = {
    "year": "year of",
    "month": "month (YYYY-MM) of",
    "day": "day (YYYY-MM-DD) of",
    "value": "value of",
}
"""Unit of a series -> words before the column; ``value`` are the whole numbers of a year column."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
PART_WORDS: Mapping[str, str] = {
    "weekday": "weekday of",
    "month_name": "month of the year of",
    "hour": "hour of the day of",
}
"""Part of a date -> words before the column; labels are English names, and hours from 0 to 23."""

KNOWN_COLUMNS = 32
"""Columns whose periods are kept in memory; a column of 20,000 moments takes about 2 MB."""


def period_of(cell: Cell, unit: str) -> Label:
    """Return the period of an ISO date (year as integer, ``2012-05``, ``2012-05-01``)."""
    if unit == "value":
        return label_of(cell)
    start = str(cell)[: LENGTHS[unit]]
    return int(start) if unit == "year" else start


def part_of(cell: Cell, part: str) -> Label:
    """Return the weekday's or the month's English name, or the hour (0 where there is none)."""
    moment = str(cell)
    if part == "hour":
        return int(moment[11:13] or 0)
    if part == "month_name":
        return MONTHS[int(moment[5:7]) - 1]
    return WEEKDAYS[datetime.date.fromisoformat(moment[:10]).weekday()]


@lru_cache(maxsize=KNOWN_COLUMNS)
def cut(column: SheetColumn, unit: str) -> SheetColumn:
    """Return a column with each cell's period, or its part, in the cell's place."""
    of = part_of if unit in PART_WORDS else period_of
    known: dict[Cell, Cell] = {cell: of(cell, unit) for cell in column.distinct}
    known[None] = None
    return replace(column, values=tuple(map(known.__getitem__, column.values)))


def labels_in(column: SheetColumn, unit: str) -> frozenset[Label]:
    """Return the periods or parts that have rows."""
    return frozenset(map(label_of, cut(column, unit).levels))


def periods_between(first: Label, last: Label) -> Iterator[Label]:
    """Yield every year, month or day from the first to the last, by the form of the first."""
    if isinstance(first, int) or isinstance(last, int):
        yield from range(int(first), int(last) + 1)
        return
    day = datetime.date.fromisoformat(first if len(first) == 10 else f"{first}-01")
    step = datetime.timedelta(days=1 if len(first) == 10 else 31)
    while (label := day.isoformat()[: len(first)]) <= last:
        yield label
        day += step
        if len(first) == 7:
            day = day.replace(day=1)


def coverage(column: SheetColumn, unit: str) -> float:
    """Return how many of the periods from the first to the last have rows, as a fraction."""
    present = sorted(labels_in(column, unit), key=str)
    return len(present) / len(list(periods_between(present[0], present[-1])))


def is_timeline(column: SheetColumn, unit: str, least: int = MIN_PERIODS) -> bool:
    """Tell whether a column has at least ``least`` periods of a unit, and most of them."""
    return len(labels_in(column, unit)) >= least and coverage(column, unit) >= MIN_COVERAGE


def is_year(column: SheetColumn) -> bool:
    """Tell whether a column holds years as whole numbers."""
    return column.kind == "integer" and not {"year", "yr"}.isdisjoint(words(column.name))


def timelines(roles: Roles) -> list[dict[str, str]]:
    """Return each date column as ``by`` with each ``unit`` of it, and columns of years."""
    found = [
        {"by": column.name, "unit": unit}
        for column in roles.dates
        for unit in LENGTHS
        if is_timeline(column, unit)
    ]
    years = [column for column in roles.groups if is_year(column) and is_timeline(column, "value")]
    return [*found, *({"by": column.name, "unit": "value"} for column in years)]


def parts(roles: Roles) -> list[dict[str, str]]:
    """Return each date column as ``by`` with each ``part`` of which it has several.

    Weekdays are asked of days and months of months: the first of each month has a weekday, too, but
    it says nothing. Hours of a column with empty cells would be floats in pandas.
    """
    found: list[dict[str, str]] = []
    for column in roles.dates:
        days, months, hours = (len(labels_in(column, unit)) for unit in ("day", "month", "hour"))
        wanted = {
            "weekday": days >= 5 * months,
            "month_name": months > 1,
            "hour": hours >= MIN_HOURS and not column.nulls,
        }
        found.extend(
            {"by": column.name, "part": part}
            for part in PART_WORDS
            if wanted[part] and len(labels_in(column, part)) > 1
        )
    return found
