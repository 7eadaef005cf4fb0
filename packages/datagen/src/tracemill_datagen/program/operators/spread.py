"""Further aggregates of one column: how far its values spread, and a mean with weights."""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import mul

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import each
from tracemill_datagen.program.datum import Datum, cells_in, numbers_in, rows_in
from tracemill_datagen.program.operator import (
    Operator,
    Parameters,
    SqlScope,
    integer,
    text,
)
from tracemill_datagen.program.operators.aggregate import (
    DENOMINATORS,
    METHODS,
    QUANTILE,
    STD,
)
from tracemill_datagen.program.vector import (
    average,
    complete,
    deviations,
    largest,
    listed,
    quantile,
    smallest,
    spread,
    summed,
    total,
)
from tracemill_datagen.program.words import python, snake, stem
from tracemill_datagen.table.amount import is_weight
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Numbers, Sheet

MIN_VALUES = 5
"""Fewest values whose spread is asked for."""

DDOF_WORDS: Mapping[int, str] = {
    ddof: f"ddof = {ddof}, {says}" for ddof, says in DENOMINATORS.items()
}


def _enough(datum: Datum, name: str) -> Numbers:
    values = numbers_in(datum)
    if len(values) < MIN_VALUES:
        raise Rejected("too_few_rows", f"{name} of {len(values)} values, wanted {MIN_VALUES}")
    if smallest(values) == largest(values):
        raise Rejected("constant_column", f"{name} of equal values")
    return values


def _variance(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    return spread(_enough(inputs[0], "variance"), integer(parameters, "ddof")) ** 2


VARIANCE = Operator(
    name="variance",
    inputs=("numbers",),
    output="number",
    evaluate=_variance,
    sql=lambda scope, p, i: (
        f"(WITH s AS MATERIALIZED ({i[0]}), a AS (SELECT AVG(v) AS m FROM s) "
        f"SELECT SUM((v - m) * (v - m)) / (COUNT(v) - {scope.literal(integer(p, 'ddof'))}) "
        "FROM s, a)"
    ),
    pandas=lambda p, i: f"{i[0]}.var(ddof={integer(p, 'ddof')})",
    variable=lambda _p, i: snake("variance", stem(i[0])),
    wordings=(
        "the variance ({ddof}) of {0}",
        "the variance (with {ddof}) of {0}",
    ),
    words={"ddof": DDOF_WORDS},
    bindings=each("ddof", (0, 1)),
)


def _range(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values = _enough(inputs[0], "range")
    return largest(values) - smallest(values)


VALUE_RANGE = Operator(
    name="value_range",
    inputs=("numbers",),
    output="number",
    evaluate=_range,
    sql=lambda _s, _p, i: f"(SELECT MAX(v) - MIN(v) FROM ({i[0]}))",
    pandas=lambda _p, i: f"{i[0]}.max() - {i[0]}.min()",
    variable=lambda _p, i: snake("range", stem(i[0])),
    wordings=(
        "the range (largest minus smallest value) of {0}",
        "the difference between the largest and the smallest value of {0}",
    ),
    keeps_unit=True,
)


def _iqr(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values, method = _enough(inputs[0], "interquartile range"), text(parameters, "method")
    width = quantile(values, 0.75, method) - quantile(values, 0.25, method)
    if width == 0:
        raise Rejected("constant_column", "both quartiles are equal")
    return width


def _sql_iqr(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    upper = QUANTILE.sql(scope, {**parameters, "q": 0.75}, inputs)
    return f"({upper} - {QUANTILE.sql(scope, {**parameters, 'q': 0.25}, inputs)})"


def _pandas_iqr(parameters: Parameters, inputs: Sequence[str]) -> str:
    upper = QUANTILE.pandas({**parameters, "q": 0.75}, inputs)
    return f"{upper} - {QUANTILE.pandas({**parameters, 'q': 0.25}, inputs)}"


_IQR_RANKS = (
    "each at rank (n - 1) * q of the n sorted values, counted from 0; method {method} between ranks"
)
_IQR_WORDS = (
    f"the interquartile range (0.75 quantile minus 0.25 quantile, {_IQR_RANKS}) of {{0}}",
    f"the 0.75 quantile minus the 0.25 quantile ({_IQR_RANKS}) of {{0}}",
)

IQR = Operator(
    name="iqr",
    inputs=("numbers",),
    output="number",
    evaluate=_iqr,
    sql=_sql_iqr,
    pandas=_pandas_iqr,
    variable=lambda _p, i: snake("iqr", stem(i[0])),
    wordings=_IQR_WORDS,
    bindings=each("method", METHODS),
    keeps_unit=True,
)


def _absolute(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values = _enough(inputs[0], "mean absolute deviation")
    return summed(np.abs(deviations(values))) / len(values)


ABSOLUTE_DEVIATION = Operator(
    name="absolute_deviation",
    inputs=("numbers",),
    output="number",
    evaluate=_absolute,
    sql=lambda _s, _p, i: (
        f"(WITH s AS MATERIALIZED ({i[0]}), a AS (SELECT AVG(v) AS m FROM s) "
        "SELECT AVG(ABS(v - m)) FROM s, a)"
    ),
    pandas=lambda _p, i: f"({i[0]} - {i[0]}.mean()).abs().mean()",
    variable=lambda _p, i: snake("absolute_deviation", stem(i[0])),
    wordings=(
        "the mean absolute deviation from the mean of {0}",
        "the average absolute deviation from the mean of {0}",
    ),
    keeps_unit=True,
)


def _variation(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values = _enough(inputs[0], "coefficient of variation")
    if smallest(values) < 0:
        raise Rejected("no_base", "a coefficient of variation of negative values")
    return spread(values, integer(parameters, "ddof")) / average(values)


VARIATION = Operator(
    name="variation",
    inputs=("numbers",),
    output="number",
    evaluate=_variation,
    sql=lambda scope, p, i: f"({STD.sql(scope, p, i)} / (SELECT AVG(v) FROM ({i[0]})))",
    pandas=lambda p, i: f"{STD.pandas(p, i)} / {i[0]}.mean()",
    variable=lambda _p, i: snake("variation", stem(i[0])),
    wordings=(
        "the coefficient of variation (standard deviation divided by the mean; {ddof}) of {0}",
        "the standard deviation ({ddof}) as a fraction of the mean of {0}",
    ),
    words={"ddof": DDOF_WORDS},
    bindings=each("ddof", (0, 1)),
)


def _value_count(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    cells = cells_in(inputs[0])
    if not cells.empty:
        raise Rejected("no_empty_cells", "it would be the number of rows")
    return len(cells.filled)


VALUE_COUNT = Operator(
    name="value_count",
    inputs=("numbers",),
    output="number",
    evaluate=_value_count,
    sql=lambda _s, _p, i: f"(SELECT COUNT(v) FROM ({i[0]}))",
    pandas=lambda _p, i: f"{i[0]}.count()",
    variable=lambda _p, i: snake("count", stem(i[0])),
    wordings=(
        "the number of cells that are not empty of {0}",
        "the number of filled cells of {0}",
    ),
)


def _weighted(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    column, by = (sheet.column(text(parameters, key)) for key in ("column", "by"))
    rows = complete(rows_in(inputs[0]), column, by)
    if len(rows) < MIN_VALUES:
        raise Rejected("too_few_rows", f"{len(rows)} values with a weight")
    weights = by.numbers[rows]
    whole = total(weights)
    if whole <= 0 or smallest(weights) < 0:
        raise Rejected("division_by_zero", "weights that are negative or all zero")
    weighted = map(mul, listed(column.numbers[rows]), listed(weights))
    return total(list(weighted)) / whole


def _sql_weighted(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    value, weight = scope.column(parameters), scope.column(parameters, "by")
    return (
        f"(SELECT SUM({value} * 1.0 * {weight}) / SUM({weight}) FROM t WHERE ({inputs[0]}) "
        f"AND {value} IS NOT NULL AND {weight} IS NOT NULL)"
    )


def _pandas_weighted(parameters: Parameters, inputs: Sequence[str]) -> str:
    rows, value = inputs[0], python(text(parameters, "column"))
    weight = python(text(parameters, "by"))
    return (
        f"({rows}[{value}] * {rows}[{weight}]).sum() "
        f"/ {rows}.loc[{rows}[{value}].notna(), {weight}].sum()"
    )


def _weights(roles: Roles) -> list[dict[str, str]]:
    """Return each quantity with each other one that says how much there is of it as its weight.

    Stocks weigh in tables with times, too: the mean fertility of some years by population.
    """
    return [
        {"column": column.name, "by": by.name}
        for by in roles.measures
        if is_weight(by.name) and all(not isinstance(v, str) and v >= 0 for v in by.distinct)
        for column in roles.measures
        if column.name != by.name
    ]


WEIGHTED_MEAN = Operator(
    name="weighted_mean",
    inputs=("rows",),
    output="number",
    evaluate=_weighted,
    sql=_sql_weighted,
    pandas=_pandas_weighted,
    variable=lambda p, _i: snake("mean", p["column"], "weighted_by", p["by"]),
    wordings=(
        "the mean of {column} weighted by {by}[ over {0}]",
        "the weighted mean of {column} with the weights {by}[ over {0}]",
    ),
    bindings=_weights,
    keeps_unit=True,
)

OPERATORS = (
    VARIANCE,
    VALUE_RANGE,
    IQR,
    ABSOLUTE_DEVIATION,
    VARIATION,
    VALUE_COUNT,
    WEIGHTED_MEAN,
)
