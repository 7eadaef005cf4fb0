"""Operators on the days of a date column: the first, the last, and what is missing between them.

A date with a time of day counts as its day, in the column's own time; several rows of one day count
once.
"""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, ValueType, rows_in
from tracemill_datagen.program.operator import Bindings, Operator, Parameters, SqlScope, text
from tracemill_datagen.program.operators.calendar import LENGTHS, MIN_PERIODS, is_timeline
from tracemill_datagen.program.operators.period import day_texts
from tracemill_datagen.program.vector import complete
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet

Words = Mapping[str, Mapping[str, str]]

MISSING_WORDS: Mapping[str, str] = {"day": "days", "month": "months"}
"""Unit -> what may be missing."""


COUNTED_WORDS: Mapping[str, str] = {
    "steps": "later date minus earlier date",
    "between": "days without rows between them",
}
"""How a gap is counted -> its words: from 1 May to 3 May it is 2 steps, and 1 day between."""


def _dates(roles: Roles) -> list[dict[str, str]]:
    return [{"by": column.name} for column in roles.dates]


def _dates_with(key: str, words: Mapping[str, str]) -> Bindings:
    return lambda roles: [{**date, key: value} for date in _dates(roles) for value in words]


def _missing_units(roles: Roles) -> list[dict[str, str]]:
    return [
        {"by": column.name, "unit": unit}
        for column in roles.dates
        for unit in MISSING_WORDS
        if is_timeline(column, unit)
    ]


def _present(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> list[str]:
    """Return the different days of the column on some rows, ascending, as ISO text."""
    by = sheet.column(text(parameters, "by"))
    codes = by.codes[complete(rows_in(inputs[0]), by)]
    days = {str(by.levels[code])[:10] for code in np.unique(codes).tolist()}
    if len(days) < MIN_PERIODS:
        raise Rejected("too_few_periods", f"{len(days)} days, wanted {MIN_PERIODS}")
    return sorted(days)


def _date(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day)


def _gaps(days: Sequence[str]) -> list[tuple[int, str]]:
    """Return (days since the day before, day), the longest gap first."""
    found = [((_date(after) - _date(before)).days, after) for before, after in pairwise(days)]
    longest = sorted(found, key=lambda gap: -gap[0])
    if longest[0][0] == 1:
        raise Rejected("no_gap", "every day has rows")
    return longest


def _longest(days: Sequence[str], parameters: Parameters) -> Datum:
    return _gaps(days)[0][0] - _less(parameters)


def _less(parameters: Parameters) -> int:
    """Return how many days fewer than steps are counted."""
    return 1 if text(parameters, "counted") == "between" else 0


def _gap_end(days: Sequence[str], _: Parameters) -> Datum:
    first, second = _gaps(days)[:2]
    if first[0] == second[0]:
        raise Rejected("tie", f"gaps before {first[1]} and {second[1]}")
    return first[1]


def _span(days: Sequence[str], _: Parameters) -> Datum:
    return (_date(days[-1]) - _date(days[0])).days


def _missing(days: Sequence[str], parameters: Parameters) -> Datum:
    first, last = _date(days[0]), _date(days[-1])
    if text(parameters, "unit") == "day":
        missing = (last - first).days + 1 - len(days)
    else:
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        missing = months - len({day[:7] for day in days})
    if missing == 0:
        raise Rejected("no_gap", "nothing is missing")
    return missing


def _sql_days(scope: SqlScope, parameters: Parameters, inputs: Sequence[str], length: int) -> str:
    by = scope.column(parameters, "by")
    return (
        f"SELECT DISTINCT substr({by}, 1, {length}) AS day FROM t "
        f"WHERE ({inputs[0]}) AND {by} IS NOT NULL"
    )


def _sql_gaps(days: str) -> str:
    """Return a SELECT of ``day, d``: each day with the days since the one before."""
    since = "julianday(day) - julianday(LAG(day) OVER (ORDER BY day))"
    return f"SELECT day, CAST({since} AS INTEGER) AS d FROM ({days})"


_SQL_SPAN = "CAST(julianday(MAX(day)) - julianday(MIN(day)) AS INTEGER)"
_SQL_MONTHS = (
    "12 * (substr(MAX(day), 1, 4) - substr(MIN(day), 1, 4)) "
    "+ substr(MAX(day), 6, 2) - substr(MIN(day), 6, 2)"
)


def _sql_missing(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    unit = text(parameters, "unit")
    days = _sql_days(scope, parameters, inputs, LENGTHS[unit])
    whole = _SQL_SPAN if unit == "day" else _SQL_MONTHS
    return f"(SELECT {whole} + 1 - COUNT(*) FROM ({days}))"


def _column(parameters: Parameters, rows: str) -> str:
    return f"{rows}[{python(text(parameters, 'by'))}]"


def _sorted_days(parameters: Parameters, rows: str) -> str:
    """Return the pandas text of the different days, ascending, as moments."""
    days = day_texts(_column(parameters, rows))
    return f"pd.to_datetime({days}).drop_duplicates().sort_values()"


def _pandas_missing(parameters: Parameters, inputs: Sequence[str]) -> str:
    unit = text(parameters, "unit")
    column = _column(parameters, inputs[0])
    periods = f"{column}.dropna().str[:{LENGTHS[unit]}]"
    every = f'pd.period_range({periods}.min(), {periods}.max(), freq="{unit[0].upper()}")'
    return f"len({every}) - {periods}.nunique()"


def _operator(
    name: str,
    output: ValueType,
    compute: Callable[[Sequence[str], Parameters], Datum],
    *,
    sql: Callable[[SqlScope, Parameters, Sequence[str]], str],
    pandas: Callable[[Parameters, Sequence[str]], str],
    wordings: tuple[str, ...],
    words: Words = MappingProxyType({}),
    bindings: Bindings = _dates,
    unit: str | None = None,
) -> Operator:
    """Make an operator of the days of a column."""
    return Operator(
        name=name,
        inputs=("rows",),
        output=output,
        evaluate=lambda sheet, p, i: compute(_present(sheet, p, i), p),
        sql=sql,
        pandas=pandas,
        variable=lambda p, _i: snake(name, p["by"]),
        wordings=wordings,
        words=words,
        bindings=bindings,
        unit=unit,
    )


LONGEST_GAP = _operator(
    "longest_gap",
    "number",
    _longest,
    sql=lambda scope, p, i: (
        f"(SELECT MAX(d) - {_less(p)} FROM ({_sql_gaps(_sql_days(scope, p, i, LENGTHS['day']))}))"
    ),
    pandas=lambda p, i: f"{_sorted_days(p, i[0])}.diff().dt.days.max(){' - 1' if _less(p) else ''}",
    wordings=("the longest gap ({counted}) between neighbouring dates of {by}[ over {0}]",),
    words={"counted": COUNTED_WORDS},
    bindings=_dates_with("counted", COUNTED_WORDS),
    unit="days",
)
GAP_END = _operator(
    "gap_end",
    "label",
    _gap_end,
    sql=lambda scope, p, i: (
        f"(SELECT day FROM ({_sql_gaps(_sql_days(scope, p, i, LENGTHS['day']))}) "
        "ORDER BY d DESC LIMIT 1)"
    ),
    pandas=lambda p, i: (
        f"{_column(p, i[0])}[{_sorted_days(p, i[0])}.diff().idxmax()][:{LENGTHS['day']}]"
    ),
    wordings=("the day (YYYY-MM-DD) that ends the longest gap in the dates of {by}[ over {0}]",),
)
DATE_SPAN = _operator(
    "date_span",
    "number",
    _span,
    sql=lambda scope, p, i: f"(SELECT {_SQL_SPAN} FROM ({_sql_days(scope, p, i, LENGTHS['day'])}))",
    pandas=lambda p, i: f"{_sorted_days(p, i[0])}.agg(lambda days: days.max() - days.min()).days",
    wordings=("the number of days from the earliest to the latest {by}[ over {0}]",),
    unit="days",
)
MISSING_PERIODS = _operator(
    "missing_periods",
    "number",
    _missing,
    sql=_sql_missing,
    pandas=_pandas_missing,
    wordings=(
        "the number of {unit} without rows between the earliest and the latest {by}[ over {0}]",
    ),
    words={"unit": MISSING_WORDS},
    bindings=_missing_units,
)


def _end(name: str, says: str, *, last: bool) -> Operator:
    """Make an operator that gives the first or last date as it stands in the table."""
    method = "max" if last else "min"

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        by = sheet.column(text(parameters, "by"))
        codes = by.codes[complete(rows_in(inputs[0]), by)]
        if not len(codes):
            raise Rejected("no_values", name)
        return str(by.levels[codes.max() if last else codes.min()])

    def sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        return (
            f"(SELECT {method.upper()}({scope.column(parameters, 'by')}) FROM t WHERE {inputs[0]})"
        )

    return Operator(
        name=name,
        inputs=("rows",),
        output="label",
        evaluate=evaluate,
        sql=sql,
        pandas=lambda p, i: f"{_column(p, i[0])}.dropna().{method}()",
        variable=lambda p, _i: snake(says, p["by"]),
        wordings=(f"the {says} {{by}}[ over {{0}}]",),
        bindings=_dates,
    )


FIRST_DATE = _end("first_date", "earliest", last=False)
LAST_DATE = _end("last_date", "latest", last=True)

OPERATORS = (LONGEST_GAP, GAP_END, DATE_SPAN, MISSING_PERIODS, FIRST_DATE, LAST_DATE)
