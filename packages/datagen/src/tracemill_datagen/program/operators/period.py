"""Operators that cut a date column into periods: one number a year, month or day, or a part of it.

A *series* has the periods of a timeline as labels (2012, 2012-05, 2012-05-01), in their order; only
periods that have rows are there, until ``fill_periods`` adds the others. The *parts* of dates that
come round again (weekdays, months of the year, hours) have no first and last: they are groups.
"""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import (
    Datum,
    Groups,
    Label,
    Number,
    ValueType,
    groups_in,
    rows_in,
)
from tracemill_datagen.program.operator import Bindings, Operator, Parameters, SqlScope, text
from tracemill_datagen.program.operators.calendar import (
    LENGTHS,
    MIN_PERIODS,
    MONTHS,
    PART_WORDS,
    UNIT_WORDS,
    WEEKDAYS,
    cut,
    parts,
    periods_between,
    timelines,
)
from tracemill_datagen.program.vector import average, complete, grouped, largest, total
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Codes, Numbers, Sheet


def day_texts(column: str) -> str:
    """Return the pandas text that takes the days of a date column's text."""
    return f"{column}.str[:10]"


def _cut(sheet: Sheet, parameters: Parameters, rows: Codes) -> Iterator[tuple[Label, Codes]]:
    """Yield period or part with its rows, ascending; rows without a date belong to none."""
    column = sheet.column(text(parameters, "by"))
    return grouped(cut(column, text(parameters, "unit" if "unit" in parameters else "part")), rows)


def _values_of(
    sheet: Sheet, parameters: Parameters, rows: Codes
) -> Iterator[tuple[Label, Numbers]]:
    column = sheet.column(text(parameters, "column"))
    for label, members in _cut(sheet, parameters, rows):
        known = complete(members, column)
        if not len(known):
            raise Rejected("group_without_values", str(label))
        yield label, column.numbers[known]


def _sql_label(scope: SqlScope, parameters: Parameters) -> str:
    by = scope.column(parameters, "by")
    if "part" in parameters:
        return _sql_part(by, text(parameters, "part"))
    unit = text(parameters, "unit")
    if unit == "value":
        return by
    start = f"substr({by}, 1, {LENGTHS[unit]})"
    return f"CAST({start} AS INTEGER)" if unit == "year" else start


def _sql_part(by: str, part: str) -> str:
    if part == "hour":
        return f"CAST(substr({by}, 12, 2) AS INTEGER)"
    if part == "month_name":
        names = " ".join(f"WHEN {n + 1} THEN '{name}'" for n, name in enumerate(MONTHS))
        return f"CASE CAST(substr({by}, 6, 2) AS INTEGER) {names} END"
    names = " ".join(f"WHEN '{(n + 1) % 7}' THEN '{name}'" for n, name in enumerate(WEEKDAYS))
    return f"CASE strftime('%w', substr({by}, 1, 10)) {names} END"


def _pandas_label(parameters: Parameters, rows: str) -> str:
    column = f"{rows}[{python(text(parameters, 'by'))}]"
    if "part" in parameters:
        part = text(parameters, "part")
        if part == "hour":
            return f"pd.to_numeric({column}.str[11:13])"
        name = "day_name" if part == "weekday" else "month_name"
        return f"pd.to_datetime({day_texts(column)}).dt.{name}()"
    unit = text(parameters, "unit")
    if unit == "value":
        return python(text(parameters, "by"))
    start = f"{column}.str[:{LENGTHS[unit]}]"
    return f"pd.to_numeric({start})" if unit == "year" else start


def _measured(cuts: Callable[[Roles], list[dict[str, str]]], *, added: bool) -> Bindings:
    return lambda roles: [
        {**by, "column": column.name}
        for by in cuts(roles)
        for column in (roles.additive if added else roles.measures)
    ]


def _counts(output: ValueType) -> Operator:
    """Make an operator that counts the rows of each period or part."""
    series = output == "series"
    key, least = ("unit", MIN_PERIODS) if series else ("part", 2)

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        members = _cut(sheet, parameters, rows_in(inputs[0]))
        return _enough({label: len(rows) for label, rows in members}, least)

    def sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        return (
            f"SELECT {_sql_label(scope, parameters)} AS label, COUNT(*) AS value FROM t "
            f"WHERE ({inputs[0]}) AND {scope.column(parameters, 'by')} IS NOT NULL GROUP BY 1"
        )

    return Operator(
        name=f"{'series' if series else 'part'}_count",
        inputs=("rows",),
        output=output,
        evaluate=evaluate,
        sql=sql,
        pandas=lambda p, i: f"{i[0]}.groupby({_pandas_label(p, i[0])}).size()",
        variable=lambda p, _i: snake("rows_per", p[key], p["by"]),
        wordings=(
            f"the number of rows per {{{key}}} {{by}}[ over {{0}}]",
            f"the number of rows for each {{{key}}} {{by}}[ over {{0}}]",
        ),
        words=_words(key),
        bindings=timelines if series else parts,
    )


def _measures(
    output: ValueType, name: str, compute: Callable[[Numbers], Number], function: str
) -> Operator:
    """Make an operator that aggregates a measure within each period or part."""
    series = output == "series"
    key, least = ("unit", MIN_PERIODS) if series else ("part", 2)

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        values = _values_of(sheet, parameters, rows_in(inputs[0]))
        return _enough({label: compute(cells) for label, cells in values}, least)

    def sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        column = scope.column(parameters)
        return (
            f"SELECT {_sql_label(scope, parameters)} AS label, {function}({column}) AS value "
            f"FROM t WHERE ({inputs[0]}) AND {scope.column(parameters, 'by')} IS NOT NULL "
            f"GROUP BY 1 HAVING COUNT({column}) > 0"
        )

    def pandas(parameters: Parameters, inputs: Sequence[str]) -> str:
        label, column = _pandas_label(parameters, inputs[0]), python(text(parameters, "column"))
        return f"{inputs[0]}.groupby({label})[{column}].{name}()"

    word = {"max": "maximum"}.get(name, name)
    return Operator(
        name=f"{'series' if series else 'part'}_{name}",
        inputs=("rows",),
        output=output,
        evaluate=evaluate,
        sql=sql,
        pandas=pandas,
        variable=lambda p, _i: snake(name, p["column"], "per", p[key]),
        wordings=(
            f"the {word} of {{column}} per {{{key}}} {{by}}[ over {{0}}]",
            f"the {word} of {{column}} for each {{{key}}} {{by}}[ over {{0}}]",
        ),
        words=_words(key),
        bindings=_measured(timelines if series else parts, added=name == "sum"),
        keeps_unit=True,
    )


def _words(key: str) -> Mapping[str, Mapping[str, str]]:
    return {key: UNIT_WORDS if key == "unit" else PART_WORDS}


def _enough(values: dict[Label, Number], least: int) -> Groups:
    if len(values) < least:
        raise Rejected("too_few_periods", f"{len(values)}, wanted {least}")
    return Groups(values)


def _fill(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values = groups_in(inputs[0])
    texts = [label for label in values if isinstance(label, str)]
    if len(texts) < len(values):
        raise Rejected("not_applicable", "only months and days are filled")
    filled = {label: values.get(label, 0) for label in periods_between(texts[0], texts[-1])}
    if len(filled) == len(values):
        raise Rejected("no_gap", "every period has rows")
    return Groups(filled)


FILL_PERIODS = Operator(
    name="fill_periods",
    inputs=("series",),
    output="series",
    evaluate=_fill,
    sql=lambda _s, _p, i: (
        f"SELECT p.label AS label, COALESCE(s.value, 0) AS value FROM (WITH RECURSIVE e AS "
        f"MATERIALIZED (SELECT MIN(label) AS a, MAX(label) AS z FROM ({i[0]})), p(label) AS "
        "(SELECT a FROM e UNION ALL SELECT CASE length(label) "
        "WHEN 7 THEN substr(date(label || '-01', '+1 month'), 1, 7) "
        "ELSE date(label, '+1 day') END FROM p, e WHERE label < z) SELECT label FROM p) AS p "
        f"LEFT JOIN ({i[0]}) AS s ON s.label = p.label"
    ),
    pandas=lambda _p, i: (
        f"{i[0]}.reindex(pd.period_range(pd.Period({i[0]}.index[0]), "
        f"pd.Period({i[0]}.index[-1])).astype(str), fill_value=0)"
    ),
    variable=lambda _p, i: snake("filled", i[0]),
    wordings=("the filled series (periods between without rows count as 0) of {0}",),
)

SERIES_COUNT = _counts("series")
SERIES_SUM = _measures("series", "sum", total, "SUM")
SERIES_MEAN = _measures("series", "mean", average, "AVG")
SERIES_MAX = _measures("series", "max", largest, "MAX")
PART_COUNT = _counts("groups")
PART_SUM = _measures("groups", "sum", total, "SUM")
PART_MEAN = _measures("groups", "mean", average, "AVG")

OPERATORS = (
    SERIES_COUNT,
    SERIES_SUM,
    SERIES_MEAN,
    SERIES_MAX,
    PART_COUNT,
    PART_SUM,
    PART_MEAN,
    FILL_PERIODS,
)
