"""Periods and parts of dates, and which of them a table may be asked for."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.datum import Label
from tracemill_datagen.program.operators.calendar import (
    coverage,
    cut,
    is_year,
    labels_in,
    part_of,
    parts,
    period_of,
    periods_between,
    timelines,
)
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.table.sheet import Sheet


@pytest.mark.parametrize(
    ("moment", "unit", "period"),
    [
        ("2012-05-01T08:00:00Z", "year", 2012),
        ("2012-05-01", "month", "2012-05"),
        ("2012-05-01 10:00", "day", "2012-05-01"),
        (1987, "value", 1987),
    ],
)
def test_period_is_the_beginning_of_the_text(moment: Label, unit: str, period: Label) -> None:
    assert period_of(moment, unit) == period


@pytest.mark.parametrize(
    ("moment", "part", "label"),
    [
        ("2012-05-01", "weekday", "Tuesday"),
        ("2012-12-30 23:00", "weekday", "Sunday"),
        ("2012-12-30", "month_name", "December"),
        ("2012-12-30 07:15", "hour", 7),
        ("2012-12-30", "hour", 0),
    ],
)
def test_part_is_a_name_or_an_hour(moment: str, part: str, label: Label) -> None:
    assert part_of(moment, part) == label


@pytest.mark.parametrize(
    ("first", "last", "periods"),
    [
        (2010, 2012, [2010, 2011, 2012]),
        ("2011-11", "2012-02", ["2011-11", "2011-12", "2012-01", "2012-02"]),
        ("2012-02-28", "2012-03-01", ["2012-02-28", "2012-02-29", "2012-03-01"]),
    ],
)
def test_periods_between_are_all_of_them(first: Label, last: Label, periods: list[Label]) -> None:
    assert list(periods_between(first, last)) == periods


def test_cut_knows_every_cell(trips: Sheet) -> None:
    column = trips.column("day")
    cell = column.values.index("2012-02-03")
    assert cut(column, "month").values[cell] == "2012-02"
    assert cut(column, "weekday").values[cell] == "Friday"
    assert labels_in(trips.column("year"), "value") == {2008, 2009, 2010, 2011, 2012}
    assert coverage(column, "month") == 6 / 7
    assert coverage(column, "day") == 9 / 182


def test_timelines_have_most_of_their_periods(trips: Sheet) -> None:
    assert timelines(roles_of(trips)) == [{"by": "day", "unit": "month"}]
    weather = roles_of(embedded_sheet(embedded_named("seattle_weather")))
    assert [line["unit"] for line in timelines(weather)] == ["year", "month", "day"]
    moments = "".join(f"{2010 + n // 3}-0{n % 3 + 1}-11T09:30:00Z,{n * n % 7}\n" for n in range(14))
    sheet = parse_sheet(f"at,x\n{moments}".encode(), name="log", where="log.csv")
    assert [line["unit"] for line in timelines(roles_of(sheet))] == ["year"]


def test_years_are_whole_numbers_of_that_name() -> None:
    text = "year,yr_built,years\n" + "".join(f"{2000 + n},{1900 + n}.5,{n}\n" for n in range(5))
    sheet = parse_sheet(text.encode(), name="t", where="t.csv")
    assert [is_year(column) for column in sheet.columns] == [True, False, False]


def test_parts_say_something() -> None:
    employment = roles_of(embedded_sheet(embedded_named("us_employment")))
    assert [cut["part"] for cut in parts(employment)] == ["month_name"]
    weather = roles_of(embedded_sheet(embedded_named("seattle_weather")))
    assert [cut["part"] for cut in parts(weather)] == ["weekday", "month_name"]
