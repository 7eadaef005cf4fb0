"""Operators that read a column of some rows and make one value of it.

Cells without a value are left out by all of them, as by SQL and by pandas.
"""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program import binding
from tracemill_datagen.program.datum import (
    Cells,
    Datum,
    Number,
    ValueType,
    cells_in,
    label_of,
    numbers_in,
    rows_in,
)
from tracemill_datagen.program.operator import (
    Bindings,
    Operator,
    Parameters,
    SqlScope,
    number,
    text,
)
from tracemill_datagen.program.vector import (
    average,
    commonest,
    largest,
    middle,
    quantile,
    smallest,
    spread,
    total,
)
from tracemill_datagen.program.words import python, snake, stem
from tracemill_datagen.table.sheet import Numbers, Sheet

QUANTILES = (0.1, 0.25, 0.75, 0.9)
METHODS = ("linear", "lower", "higher", "midpoint")
"""Quantile methods, named as in numpy.quantile and pandas.Series.quantile."""


def _read(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    return Cells(sheet.column(text(parameters, "column")), rows_in(inputs[0]))


def _reader(name: str, output: ValueType, bindings: Bindings) -> Operator:
    return Operator(
        name=name,
        inputs=("rows",),
        output=output,
        evaluate=_read,
        sql=lambda scope, p, i: f"SELECT id, {scope.column(p)} AS v FROM t WHERE {i[0]}",
        pandas=lambda p, i: f"{i[0]}[{python(text(p, 'column'))}]",
        variable=lambda p, _i: snake(p["column"], "values"),
        wordings=("{column}[ over {0}]", "{column}[ in {0}]"),
        bindings=bindings,
    )


COLUMN = _reader("column", "numbers", binding.measures)
LABELS = _reader("labels", "labels", binding.labelled)

COUNT = Operator(
    name="count",
    inputs=("rows",),
    output="number",
    evaluate=lambda _s, _p, i: len(rows_in(i[0])),
    sql=lambda _s, _p, i: f"(SELECT COUNT(*) FROM t WHERE {i[0]})",
    pandas=lambda _p, i: f"len({i[0]})",
    variable=lambda _p, _i: "row_count",
    wordings=("the number of {0:bare}", "the count of {0:bare}"),
)


def _aggregate(
    name: str,
    says: tuple[str, ...],
    compute: Callable[[Numbers], Number],
    sql: Callable[[str], str],
    *,
    method: str | None = None,
) -> Operator:
    """Make an operator of one numeric column."""

    def evaluate(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        values = numbers_in(inputs[0])
        if not len(values):
            raise Rejected("no_values", name)
        return compute(values)

    return Operator(
        name=name,
        inputs=("numbers",),
        output="number",
        evaluate=evaluate,
        sql=lambda _s, _p, i: sql(i[0]),
        pandas=lambda _p, i: f"{i[0]}.{method or name}()",
        variable=lambda _p, i: snake(name, stem(i[0])),
        wordings=tuple(f"the {words} of {{0}}" for words in says),
        keeps_unit=True,
    )


def rank_words(q: float | str) -> str:
    """Say at which rank ``quantile`` reads; other programs read at (n + 1) q - 1 and elsewhere."""
    return f"at rank (n - 1) * {q} of the n sorted values, counted from 0"


def _scalar(function: str) -> Callable[[str], str]:
    return lambda column: f"(SELECT {function}(v) FROM ({column}))"


def _sql_median(column: str) -> str:
    return (
        f"(WITH s AS MATERIALIZED (SELECT v FROM ({column}) WHERE v IS NOT NULL), "
        "n AS (SELECT COUNT(*) AS n FROM s) SELECT AVG(v) FROM (SELECT v FROM s ORDER BY v "
        "LIMIT (SELECT 2 - n % 2 FROM n) OFFSET (SELECT (n - 1) / 2 FROM n)))"
    )


MEAN = _aggregate("mean", ("mean", "average", "arithmetic mean"), average, _scalar("AVG"))
SUM = _aggregate("sum", ("sum", "total"), total, _scalar("SUM"))
MIN = _aggregate("min", ("smallest value", "minimum"), smallest, _scalar("MIN"))
MAX = _aggregate("max", ("largest value", "maximum"), largest, _scalar("MAX"))
MEDIAN = _aggregate("median", ("median", "median value"), middle, _sql_median)


def _std(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values = numbers_in(inputs[0])
    if len(values) < 3:
        raise Rejected("too_few_rows", "standard deviation of fewer than 3 values")
    deviation = spread(values, int(number(parameters, "ddof")))
    if deviation == 0:
        raise Rejected("constant_column", "standard deviation of equal values")
    return deviation


def _sql_std(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    ddof = scope.literal(number(parameters, "ddof"))
    return (
        f"(WITH s AS MATERIALIZED ({inputs[0]}), a AS (SELECT AVG(v) AS m FROM s) "
        f"SELECT root(SUM((v - m) * (v - m)) / (COUNT(v) - {ddof})) FROM s, a)"
    )


DENOMINATORS = {0: "dividing by n", 1: "dividing by n - 1"}

STD = Operator(
    name="std",
    inputs=("numbers",),
    output="number",
    evaluate=_std,
    sql=_sql_std,
    pandas=lambda p, i: f"{i[0]}.std(ddof={number(p, 'ddof')})",
    variable=lambda _p, i: snake("std", stem(i[0])),
    wordings=(
        "the standard deviation ({ddof}) of {0}",
        "the standard deviation (with {ddof}) of {0}",
    ),
    words={"ddof": {ddof: f"ddof = {ddof}, {says}" for ddof, says in DENOMINATORS.items()}},
    bindings=binding.each("ddof", (0, 1)),
    keeps_unit=True,
)


def _quantile(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values = numbers_in(inputs[0])
    if len(values) < 5:
        raise Rejected("too_few_rows", "quantile of fewer than 5 values")
    return quantile(values, number(parameters, "q"), text(parameters, "method"))


_SQL_BETWEEN = {
    "linear": "MIN(v) + (MAX(v) - MIN(v)) * MAX(f)",
    "lower": "MIN(v)",
    "higher": "MAX(v)",
    "midpoint": "(MIN(v) + MAX(v)) / 2.0",
}


def _sql_quantile(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    q = scope.literal(number(parameters, "q"))
    between = _SQL_BETWEEN[text(parameters, "method")]
    return (
        f"(SELECT {between} FROM (SELECT v, r, h - CAST(h AS INTEGER) AS f, "
        "CAST(h AS INTEGER) AS low, (h > CAST(h AS INTEGER)) AS up FROM ("
        "SELECT v, ROW_NUMBER() OVER (ORDER BY v) - 1 AS r, "
        f"ROUND((COUNT(*) OVER () - 1) * {q}, 9) AS h FROM ({inputs[0]}) WHERE v IS NOT NULL)) "
        "WHERE r IN (low, low + up))"
    )


QUANTILE = Operator(
    name="quantile",
    inputs=("numbers",),
    output="number",
    evaluate=_quantile,
    sql=_sql_quantile,
    pandas=lambda p, i: (
        f"{i[0]}.quantile({number(p, 'q')}, interpolation={python(text(p, 'method'))})"
    ),
    variable=lambda p, i: snake("quantile", p["q"], stem(i[0])),
    wordings=(
        f"the {{q}} quantile ({rank_words('{q}')}; method {{method}} between ranks) of {{0}}",
        f"the quantile {{q}} ({rank_words('{q}')}; method {{method}} between ranks) of {{0}}",
    ),
    bindings=lambda _: [{"q": q, "method": method} for q in QUANTILES for method in METHODS],
    keeps_unit=True,
)

DISTINCT_COUNT = Operator(
    name="distinct_count",
    inputs=("labels",),
    output="number",
    evaluate=lambda _s, _p, i: len(np.unique(cells_in(i[0]).codes)),
    sql=lambda _s, _p, i: f"(SELECT COUNT(DISTINCT v) FROM ({i[0]}))",
    pandas=lambda _p, i: f"{i[0]}.nunique()",
    variable=lambda _p, i: snake("distinct", stem(i[0])),
    wordings=("the number of different values of {0}", "the number of distinct values of {0}"),
)


def _mode(_: Sheet, _parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    cells = cells_in(inputs[0])
    return label_of(cells.column.levels[commonest(cells.codes, cells.column.levels)])


MODE = Operator(
    name="mode",
    inputs=("labels",),
    output="label",
    evaluate=_mode,
    sql=lambda _s, _p, i: (
        f"(SELECT v FROM ({i[0]}) WHERE v IS NOT NULL GROUP BY v ORDER BY COUNT(*) DESC LIMIT 1)"
    ),
    pandas=lambda _p, i: f"{i[0]}.value_counts().idxmax()",
    variable=lambda _p, i: snake("most_frequent", stem(i[0])),
    wordings=("the most frequent value of {0}", "the most common value of {0}"),
)

OPERATORS = (
    COLUMN,
    LABELS,
    COUNT,
    MEAN,
    SUM,
    MIN,
    MAX,
    MEDIAN,
    STD,
    QUANTILE,
    DISTINCT_COUNT,
    MODE,
)
