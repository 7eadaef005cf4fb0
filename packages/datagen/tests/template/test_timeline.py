"""Timelines of a table and their words."""

from __future__ import annotations

from random import Random

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import Roles, roles_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.timeline import (
    Timeline,
    before,
    drawn,
    measured,
    timelines_of,
    untimed,
    varies,
)


def made(text: str) -> tuple[Sheet, Roles]:
    sheet = parse_sheet(text.encode(), name="t", where="t.csv")
    return sheet, roles_of(sheet)


def rng(seed: int = 0) -> Random:
    return Random(seed)  # noqa: S311 - no secret


MONTHLY = "on,rain\n" + "".join(f"2024-{m:02}-01,{m * m % 11 + 0.5}\n" for m in (1, 2, 3, 5, 6, 7))
YEARLY = "year,rain\n" + "".join(f"{2000 + n // 2},{n * n % 11 + 0.5}\n" for n in range(12))


@pytest.mark.parametrize(
    ("table", "units"),
    [(MONTHLY, ["month"]), (YEARLY, ["value"]), ("a,b\nx,1\ny,2\n", [])],
)
def test_timelines_are_those_whose_periods_mostly_have_rows(table: str, units: list[str]) -> None:
    assert [time.unit for time in timelines_of(*made(table))] == units


@pytest.mark.parametrize(
    ("table", "noun", "per", "asked"),
    [
        (MONTHLY, "month", 'month (YYYY-MM) of "on"', 'in which month (YYYY-MM) of "on"'),
        (YEARLY, "year", '"year"', 'in which "year"'),
    ],
)
def test_words_say_the_form_of_a_period(table: str, noun: str, per: str, asked: str) -> None:
    time = drawn(*made(table), rng())
    assert (time.noun, time.per, time.asked) == (noun, per, asked)


def test_days_are_asked_on() -> None:
    sheet, _ = made(MONTHLY)
    assert Timeline(column=sheet.column("on"), unit="day").asked.startswith("on which day (YYYY-")


def test_neighbours_are_told_where_periods_are_missing() -> None:
    sheet, roles = made(MONTHLY)
    time = drawn(sheet, roles, rng())
    told = {}
    for seed in range(30):
        measure = measured(time, sheet, roles, rng(seed))
        told[str(measure.parameters["aggregate"])] = before(time, measure)
    assert told == {
        "mean": "the month before (the last one before that has rows)",
        "sum": "the month before",
    }


def test_rows_are_counted_only_where_they_differ() -> None:
    weather = embedded_sheet(embedded_named("seattle_weather"))
    assert not varies(Timeline(column=weather.column("date"), unit="month"))
    sheet, _ = made("on,x\n" + "".join(f"2024-{n % 5 + n % 3 + 1:02}-03,{n}\n" for n in range(30)))
    assert varies(Timeline(column=sheet.column("on"), unit="month"))


def test_no_timeline_is_refused_by_name() -> None:
    sheet, roles = made("a,b\nx,1\ny,2\n")
    with pytest.raises(Rejected, match="^not_applicable: no dates or years$"):
        drawn(sheet, roles, rng())
    sheet, roles = made("on,kind\n" + "".join(f"2024-0{m}-01,a\n" for m in range(1, 8)))
    with pytest.raises(Rejected, match="^not_applicable: nothing to measure"):
        measured(drawn(sheet, roles, rng()), sheet, roles, rng())


def test_parts_of_dates_do_not_narrow_a_timeline() -> None:
    _, roles = made("month,kind\n" + "".join(f"{n % 4 + 1},{'ab'[n % 2]}\n" for n in range(40)))
    assert {column.name for column in roles.groups} == {"month", "kind"}
    assert [column.name for column in untimed(roles).groups] == ["kind"]
