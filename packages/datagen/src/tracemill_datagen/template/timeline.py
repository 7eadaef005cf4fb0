"""The timelines of a table: a date or year column, the periods it is cut into, and their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.calendar import (
    MIN_PERIODS,
    coverage,
    cut,
    is_timeline,
    is_year,
)
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.table.unit import CALENDAR
from tracemill_datagen.table.unit import words as words_of
from tracemill_datagen.template.family import amounts
from tracemill_schema.canonical import Value

UNITS = ("year", "month", "day", "value")

_FORMS = {"year": "year", "month": "month (YYYY-MM)", "day": "day (YYYY-MM-DD)"}

VARIED = 1.25
"""How much the upper quartile of the rows per period exceeds the lower one at least: months of a
daily table differ by a tenth, which says nothing about it."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A column and the periods that it is cut into.

    Attributes:
        column: Dates, or for the unit ``value`` years as whole numbers.
        unit: ``year``, ``month``, ``day`` or ``value``.
    """

    column: SheetColumn
    unit: str

    @property
    def noun(self) -> str:
        """What one period is called: year, month or day."""
        return "year" if self.unit == "value" else self.unit

    @property
    def form(self) -> str:
        """The same with the form in which one is written: ``month (YYYY-MM)``."""
        return _FORMS.get(self.unit, "year")

    @property
    def per(self) -> str:
        """Words behind "per": ``month (YYYY-MM) of Date``, or the year column itself."""
        name = column_words(self.column.name)
        return name if self.unit == "value" else f"{self.form} of {name}"

    @property
    def asked(self) -> str:
        """Words of a question for one period: ``in which month (YYYY-MM) of Date``."""
        return f"{'on' if self.unit == 'day' else 'in'} which {self.per}"


def timelines_of(
    sheet: Sheet, roles: Roles, *, units: Sequence[str] = UNITS, least: int = MIN_PERIODS
) -> list[Timeline]:
    """Return the timelines of a table whose periods mostly have rows.

    Args:
        sheet: The table.
        roles: Its roles.
        units: Units that are wanted.
        least: Fewest periods that have rows.
    """
    years = [column for column in sheet.columns if is_year(column)]
    found = [
        Timeline(column=column, unit=unit)
        for unit in units
        for column in (years if unit == "value" else roles.dates)
    ]
    return [time for time in found if is_timeline(time.column, time.unit, least)]


def drawn(
    sheet: Sheet,
    roles: Roles,
    rng: Random,
    *,
    units: Sequence[str] = UNITS,
    least: int = MIN_PERIODS,
) -> Timeline:
    """Draw one of ``timelines_of``.

    Raises:
        Rejected: ``not_applicable`` if the table has none.
    """
    found = timelines_of(sheet, roles, units=units, least=least)
    if not found:
        raise Rejected("not_applicable", "no dates or years")
    return rng.choice(found)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is measured in each period.

    Attributes:
        words: For instance ``the mean of CO2``.
        series: Its series over all rows.
        parameters: Its literals as they are said, for a question.
        skips: True if periods without rows are left out and the question must say so. What is
            counted or added up month by month could be 0 there instead; that is a convention of
            its own (``periods`` of ``convention/catalogue.py``).
    """

    words: str
    series: Expression
    parameters: dict[str, Value]
    skips: bool


def measured(timeline: Timeline, sheet: Sheet, roles: Roles, rng: Random) -> Measure:
    """Draw what is measured in each period of a timeline: a mean, a sum or the number of rows.

    Raises:
        Rejected: ``not_applicable`` if there is nothing to measure.
    """
    by, unit = timeline.column.name, timeline.unit
    added = amounts(sheet, roles)
    kinds = ["mean"] * 3 * bool(roles.measures) + ["sum"] * 2 * bool(added)
    kinds += ["count"] * varies(timeline)
    if not kinds:
        raise Rejected("not_applicable", "nothing to measure in each period")
    kind = rng.choice(kinds)
    filled = kind != "mean" and unit in {"month", "day"}
    said = "number of rows" if kind == "count" else kind
    parameters: dict[str, Value] = {"by": by, "unit": timeline.noun, "aggregate": said}
    literals = {"by": by, "unit": unit}
    words = "the number of rows"
    if kind != "count":
        column = rng.choice(roles.measures if kind == "mean" else added)
        words = f"the {kind} of {column_words(column.name)}"
        parameters["column"] = literals["column"] = column.name
    return Measure(
        words=words,
        series=call(f"series_{kind}", TABLE, **literals),
        parameters=parameters,
        skips=not filled and coverage(timeline.column, unit) < 1,
    )


def varies(timeline: Timeline) -> bool:
    """Tell whether the numbers of rows differ by more than the lengths of months do."""
    sizes = sorted(Counter(cut(timeline.column, timeline.unit).present).values())
    return sizes[len(sizes) * 3 // 4] >= VARIED * sizes[len(sizes) // 4]


def before(timeline: Timeline, measure: Measure) -> str:
    """Return words for a period's neighbour on the left; they say which where some are missing."""
    said = f"the {timeline.noun} before"
    return f"{said} (the last one before that has rows)" if measure.skips else said


def untimed(roles: Roles) -> Roles:
    """Return roles without groups that are parts of dates: dates of May only are no timeline."""
    groups = (c for c in roles.groups if CALENDAR.isdisjoint(words_of(c.name)))
    return replace(roles, groups=tuple(groups))
