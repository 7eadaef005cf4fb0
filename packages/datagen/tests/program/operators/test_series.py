"""Series in the order of time, in three engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

Engine = Callable[[Expression], Datum]

SUMS = call("series_sum", TABLE, by="day", column="fare", unit="month")
"""30, 40, 100, 70, 5, 60; March 2012 has no rows."""

COUNTS = call("series_count", TABLE, by="day", unit="month")
"""2, 2, 1, 2, 1, 2."""

YEARS = call("series_sum", TABLE, by="year", column="riders", unit="value")
"""3, 5, 8, 3, 8."""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("change_first_last", SUMS), 30.0),
        (call("change_first_last", YEARS), 5),
        (call("percent_change", SUMS), 100.0),
        (call("rise_period", SUMS), "2012-04"),
        (call("fall_period", SUMS), "2012-06"),
        (call("fall_period", YEARS), 2011),
        (call("largest_rise", SUMS), 60.0),
        (call("rises", SUMS), 3),
        (call("rises", COUNTS), 2),
        (call("rolling_max", SUMS, window=2), 85.0),
        (call("rolling_max", SUMS, window=3), 70.0),
        (call("rolling_peak", SUMS, window=2, at="last"), "2012-05"),
        (call("rolling_peak", SUMS, window=2, at="first"), "2012-04"),
        (call("rolling_peak", SUMS, window=3, at="middle"), "2012-04"),
        (call("rolling_peak", SUMS, window=3, at="first"), "2012-02"),
        (call("growth_period", SUMS), "2012-07"),
        (call("running_share", SUMS, percent=50), "2012-04"),
        (call("running_share", SUMS, percent=90), "2012-07"),
        (call("running_share", YEARS, percent=25), 2009),
        (call("peak_period", SUMS), "2012-04"),
        (call("low_period", SUMS), "2012-06"),
        (call("periods_mean", COUNTS), 10 / 6),
        (call("period_count", SUMS), 6),
    ],
)
def test_three_engines_agree(travelled: Engine, expression: Expression, value: Datum) -> None:
    assert travelled(expression) == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (call("rise_period", COUNTS), "tie: 2012-05 and 2012-07"),
        (call("peak_period", YEARS), "tie: 2010 and 2012"),
        (call("rolling_max", SUMS, window=6), "too_few_periods: 6 for windows of 6"),
        (call("running_share", COUNTS, percent=50), "tie: 2012-04 reaches the limit exactly"),
    ],
)
def test_what_chance_would_decide_is_refused(
    trips: Sheet, expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(trips).value(expression)


@pytest.mark.parametrize(
    ("values", "op", "parameters", "reason"),
    [
        ((0, 1, 2, 4), "percent_change", {}, "no_base: a percentage of 0"),
        ((9, 8, 6, 1), "rise_period", {}, "no_change: the series only falls"),
        ((9, 8, 6, 1), "growth_period", {}, "no_change: the series only falls"),
        ((9, 0, 6, 1), "growth_period", {}, "no_base: percentages of values .*"),
        ((1, 8, 16, 25), "fall_period", {}, "no_change: it only rises"),
        ((5, -1, 2, 4), "running_share", {"percent": 50}, "not_a_share: a running total .*"),
        ((0, 0, 0, 0), "running_share", {"percent": 50}, "division_by_zero: the total is 0"),
        ((0.3, 5.0, 2.0, 0.1 + 0.2), "change_first_last", {}, "vanishes: .*"),
        ((9, 8, 6, 1), "rises", {}, "no_change: the series never rises"),
        ((1.5, 1.5, 2.0, 4.0), "rises", {}, "tie: 2010 and 2011"),
    ],
)
def test_no_answer_is_refused_by_name(
    values: tuple[float, ...], op: str, parameters: dict[str, int], reason: str
) -> None:
    lines = "".join(f"{2010 + n}-01-01,{value}\n" for n, value in enumerate(values))
    sheet = parse_sheet(f"day,x\n{lines}".encode(), name="t", where="t.csv")
    yearly = call("series_sum", TABLE, by="day", column="x", unit="year")
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(sheet).value(call(op, yearly, **parameters))
