"""Days of a date column and what is missing between them, in three engines."""

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

LATE = call("filter_after", TABLE, column="day", value="2012-04-30")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("longest_gap", TABLE, by="day", counted="steps"), 67),
        (call("longest_gap", TABLE, by="day", counted="between"), 66),
        (call("longest_gap", LATE, by="day", counted="steps"), 28),
        (call("gap_end", TABLE, by="day"), "2012-04-10"),
        (call("date_span", TABLE, by="day"), 181),
        (call("missing_periods", TABLE, by="day", unit="day"), 173),
        (call("missing_periods", TABLE, by="day", unit="month"), 1),
        (call("first_date", LATE, by="day"), "2012-05-02"),
        (call("last_date", TABLE, by="day"), "2012-07-04"),
    ],
)
def test_three_engines_agree(travelled: Engine, expression: Expression, value: Datum) -> None:
    assert travelled(expression) == value


def test_months_are_counted_across_years(engines: Callable[[Sheet], Engine]) -> None:
    lines = "".join(f"{day}\n" for day in ("2010-11-30", "2010-12-01", "2011-02-05", "2012-02-01"))
    value = engines(parse_sheet(f"day\n{lines}".encode(), name="t", where="t.csv"))
    assert value(call("missing_periods", TABLE, by="day", unit="month")) == 12
    assert value(call("longest_gap", TABLE, by="day", counted="steps")) == 361


def test_an_empty_cell_is_no_day(thrice: Engine) -> None:
    assert thrice(call("longest_gap", TABLE, by="day", counted="steps")) == 2
    assert thrice(call("missing_periods", TABLE, by="day", unit="day")) == 1
    assert thrice(call("gap_end", TABLE, by="day")) == "2012-01-06"


@pytest.mark.parametrize(
    ("days", "expression", "reason"),
    [
        (
            "1 2 3 4",
            call("longest_gap", TABLE, by="day", counted="steps"),
            "no_gap: every day has rows",
        ),
        (
            "1 2 3 4",
            call("missing_periods", TABLE, by="day", unit="month"),
            "no_gap: nothing is missing",
        ),
        (
            "1 3 4 6",
            call("gap_end", TABLE, by="day"),
            "tie: gaps before 2012-01-03 and 2012-01-06",
        ),
        ("1 3", call("date_span", TABLE, by="day"), "too_few_periods: 2 days, wanted 4"),
    ],
)
def test_no_answer_is_refused_by_name(days: str, expression: Expression, reason: str) -> None:
    lines = "".join(f"2012-01-0{day}\n" for day in days.split())
    sheet = parse_sheet(f"day\n{lines}".encode(), name="t", where="t.csv")
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(sheet).value(expression)


def test_no_date_at_all_is_refused(trips: Sheet) -> None:
    none = call("filter_before", TABLE, column="day", value="2000-01-01")
    with pytest.raises(Rejected, match="^no_values: first_date$"):
        Interpreter(trips).value(call("first_date", none, by="day"))
