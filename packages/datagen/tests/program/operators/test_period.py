"""Periods and parts of dates, in three engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Groups
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

Engine = Callable[[Expression], Datum]

COUNTS = call("series_count", TABLE, by="day", unit="month")


def series(name: str, column: str = "fare", by: str = "day", unit: str = "month") -> Expression:
    return call(f"series_{name}", TABLE, by=by, column=column, unit=unit)


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        (COUNTS, [2, 2, 1, 2, 1, 2]),
        (series("sum"), [30, 40, 100, 70, 5, 60]),
        (series("mean"), [15, 20, 100, 35, 5, 60]),
        (series("max"), [20, 25, 100, 40, 5, 60]),
        (call("fill_periods", COUNTS), [2, 2, 0, 1, 2, 1, 2]),
        (series("sum", "riders", "year", "value"), [3, 5, 8, 3, 8]),
    ],
)
def test_series_is_in_the_order_of_time(
    trips: Sheet, expression: Expression, values: list[int]
) -> None:
    datum = Interpreter(trips).value(expression)
    assert isinstance(datum, Groups)
    assert list(datum.values) == sorted(datum.values)
    assert list(datum.values.values()) == values


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("peak_period", series("sum")), "2012-04"),
        (call("peak_period", series("max", "riders", "year", "value")), 2012),
        (call("low_period", call("fill_periods", COUNTS)), "2012-03"),
        (call("periods_mean", call("fill_periods", COUNTS)), 10 / 7),
        (call("periods_mean", series("mean", "riders", unit="day")), 24.5 / 9),
        (
            call(
                "period_count",
                call("fill_periods", call("series_count", TABLE, by="day", unit="day")),
            ),
            182,
        ),
        (call("argmax_group", call("part_count", TABLE, by="day", part="weekday")), "Friday"),
        (
            call(
                "argmax_group", call("part_sum", TABLE, by="day", part="month_name", column="fare")
            ),
            "April",
        ),
        (
            call(
                "argmin_group", call("part_mean", TABLE, by="day", part="weekday", column="riders")
            ),
            "Thursday",
        ),
    ],
)
def test_three_engines_agree(travelled: Engine, expression: Expression, value: Datum) -> None:
    assert travelled(expression) == (pytest.approx(value) if isinstance(value, float) else value)


def test_hours_and_years_of_moments(engines: Callable[[Sheet], Engine]) -> None:
    rows = "".join(
        f"{2010 + n // 3}-0{n % 3 + 1}-11T{9 + n % 2:02}:30:00Z,{n * n}\n" for n in range(14)
    )
    sheet = parse_sheet(f"at,x\n{rows}".encode(), name="log", where="log.csv")
    value = engines(sheet)
    yearly = call("series_sum", TABLE, by="at", column="x", unit="year")
    assert value(call("peak_period", yearly)) == 2014
    hourly = call("part_mean", TABLE, by="at", column="x", part="hour")
    assert value(call("argmax_group", hourly)) == 10


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (series("mean", unit="day"), "group_without_values: 2012-07-01"),
        (call("series_count", TABLE, by="day", unit="year"), "too_few_periods: 1, wanted 4"),
        (
            call("fill_periods", series("sum", "riders", "year", "value")),
            "not_applicable: only months and days are filled",
        ),
        (
            call("fill_periods", call("fill_periods", COUNTS)),
            "no_gap: every period has rows",
        ),
    ],
)
def test_no_series_is_refused_by_name(trips: Sheet, expression: Expression, reason: str) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(trips).value(expression)
