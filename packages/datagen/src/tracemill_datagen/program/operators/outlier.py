"""Operators that select the rows whose value of a column lies far out, or those that do not.

Fences are reckoned on the rows asked about, never on others of the table; the words say so. By
quartiles (Tukey 1977): more than k interquartile ranges below the first quartile or above the
third. By z-scores: more than k standard deviations from the mean. A value so near a fence that it
cannot be told on which side it lies is refused, so whether a fence is included does not matter.
"""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import TIE, Datum, Rows, rows_in
from tracemill_datagen.program.operator import (
    Bindings,
    Operator,
    Parameters,
    SqlScope,
    integer,
    number,
    text,
)
from tracemill_datagen.program.operators.aggregate import (
    COLUMN,
    DENOMINATORS,
    METHODS,
    QUANTILE,
    STD,
)
from tracemill_datagen.program.vector import average, complete, quantile, spread
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Numbers, Sheet

FENCES = (1.5, 3)
"""Interquartile ranges from the quartiles: outliers, and those far out (Tukey 1977)."""

DEVIATIONS = (2, 2.5, 3)
"""Standard deviations from the mean."""

MIN_VALUES = 10
"""Fewest values among which some can lie far out."""

Fences = Callable[[Numbers, Parameters], tuple[float, float]]


def _by_quartiles(values: Numbers, parameters: Parameters) -> tuple[float, float]:
    method, k = text(parameters, "method"), number(parameters, "k")
    low, high = (quantile(values, q, method) for q in (0.25, 0.75))
    return low - k * (high - low), high + k * (high - low)


def _by_deviations(values: Numbers, parameters: Parameters) -> tuple[float, float]:
    mean, k = average(values), number(parameters, "k")
    width = k * spread(values, integer(parameters, "ddof"))
    return mean - width, mean + width


_PRESENT = "SELECT id, v FROM present"


def _sql_quartiles(scope: SqlScope, parameters: Parameters) -> tuple[str, str]:
    low, high = (QUANTILE.sql(scope, {**parameters, "q": q}, [_PRESENT]) for q in (0.25, 0.75))
    k = scope.literal(number(parameters, "k"))
    fences = f"SELECT a - {k} * (b - a) AS low, b + {k} * (b - a) AS high FROM ends"
    return f"SELECT {low} AS a, {high} AS b", fences


def _sql_deviations(scope: SqlScope, parameters: Parameters) -> tuple[str, str]:
    mean, width = "(SELECT AVG(v) FROM present)", STD.sql(scope, parameters, [_PRESENT])
    k = scope.literal(number(parameters, "k"))
    fences = f"SELECT a - {k} * b AS low, a + {k} * b AS high FROM ends"
    return f"SELECT {mean} AS a, {width} AS b", fences


def _pandas_quartiles(parameters: Parameters) -> tuple[str, str]:
    k = number(parameters, "k")
    low, high = (_pandas_quantile(q, text(parameters, "method")) for q in (0.25, 0.75))
    return f"{low} - {k} * ({high} - {low})", f"{high} + {k} * ({high} - {low})"


def _pandas_quantile(q: float, method: str) -> str:
    between = "" if method == "linear" else f", interpolation={python(method)}"
    return f"x.quantile({q}{between})"


def _pandas_deviations(parameters: Parameters) -> tuple[str, str]:
    width = f"{number(parameters, 'k')} * x.std(ddof={integer(parameters, 'ddof')})"
    return f"x.mean() - {width}", f"x.mean() + {width}"


def _refuse_near(values: Numbers, fences: tuple[float, float]) -> None:
    """Refuse values so near a fence that engines may see them on different sides of it."""
    noise = TIE * max(*map(abs, fences), float(np.abs(values).max()))
    for fence in fences:
        near = values[np.abs(values - fence) <= noise]
        if len(near):
            raise Rejected("near_threshold", f"{near[0].item()} lies on a fence")


def _operator(
    name: str,
    *,
    inside: bool,
    fences: Fences,
    sql: Callable[[SqlScope, Parameters], tuple[str, str]],
    pandas: Callable[[Parameters], tuple[str, str]],
    wordings: tuple[str, ...],
    bindings: Bindings,
) -> Operator:
    """Make a selection of what lies inside or outside two fences."""

    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        column = sheet.column(text(parameters, "column"))
        rows = complete(rows_in(inputs[0]), column)
        if len(rows) < MIN_VALUES:
            raise Rejected("too_few_rows", f"{len(rows)} values, wanted {MIN_VALUES}")
        values = column.numbers[rows]
        low, high = fences(values, parameters)
        if not low < high:
            raise Rejected("constant_column", "the fences coincide")
        _refuse_near(values, (low, high))
        between = (low < values) & (values < high)
        return Rows(rows[between if inside else ~between])

    def in_sql(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        ends, limits = sql(scope, parameters)
        apart = "v > low AND v < high" if inside else "v < low OR v > high"
        return (
            f"id IN (WITH present AS MATERIALIZED (SELECT id, v FROM "
            f"({COLUMN.sql(scope, parameters, inputs)}) WHERE v IS NOT NULL), "
            f"ends AS MATERIALIZED ({ends}), fences AS MATERIALIZED ({limits}) "
            f"SELECT id FROM present, fences WHERE {apart})"
        )

    def in_pandas(parameters: Parameters, inputs: Sequence[str]) -> str:
        low, high = pandas(parameters)
        apart = f"(x > {low}) & (x < {high})" if inside else f"(x < {low}) | (x > {high})"
        column = f"{inputs[0]}[{python(text(parameters, 'column'))}]"
        return f"{inputs[0]}[{column}.pipe(lambda x: {apart})]"

    return Operator(
        name=name,
        inputs=("rows",),
        output="rows",
        evaluate=evaluate,
        sql=in_sql,
        pandas=in_pandas,
        variable=lambda p, _i: snake("inliers" if inside else "outliers", p["column"]),
        wordings=wordings,
        words={"ddof": {ddof: f"ddof = {ddof}, {says}" for ddof, says in DENOMINATORS.items()}},
        bindings=bindings,
        selects=True,
    )


def _each(key: str, values: Sequence[int | str], distances: Sequence[float]) -> Bindings:
    def bindings(roles: Roles) -> list[dict[str, int | float | str]]:
        return [
            {"column": column.name, "k": k, key: value}
            for column, k, value in product(roles.measures, distances, values)
        ]

    return bindings


RANKS = "quartiles at rank (n - 1) * 0.25 and (n - 1) * 0.75 of the n sorted values, counted from 0"
"""Where quartiles stand; other programs read at (n + 1) q - 1 and elsewhere."""

_BELOW = "times the interquartile range below the first quartile"
_ABOVE = f"above the third quartile ({RANKS}; method {{method}} between ranks)"
_OUTSIDE = f"more than {{k}} {_BELOW} or {_ABOVE}"
_INSIDE = f"at most {{k}} {_BELOW} and at most {{k}} times that range {_ABOVE}"

_DEVIATIONS = "{k} standard deviations ({ddof}) from its mean"


def _quartile_rows(name: str, wording: str, *, inside: bool) -> Operator:
    return _operator(
        name,
        inside=inside,
        fences=_by_quartiles,
        sql=_sql_quartiles,
        pandas=_pandas_quartiles,
        wordings=(
            f"the rows with {{column}} {wording}, with these rows and quartiles taken from {{0}}",
        ),
        bindings=_each("method", METHODS, FENCES),
    )


_OF_THESE = ", with these rows, this mean and this standard deviation taken from {0}"


def _deviation_rows(name: str, wording: str, *, inside: bool) -> Operator:
    return _operator(
        name,
        inside=inside,
        fences=_by_deviations,
        sql=_sql_deviations,
        pandas=_pandas_deviations,
        wordings=(f"the rows with {{column}} {wording}{_OF_THESE}",),
        bindings=_each("ddof", (0, 1), DEVIATIONS),
    )


OUTLIER_ROWS = _quartile_rows("outlier_rows", _OUTSIDE, inside=False)
INLIER_ROWS = _quartile_rows("inlier_rows", _INSIDE, inside=True)
Z_OUTLIER_ROWS = _deviation_rows("z_outlier_rows", f"more than {_DEVIATIONS}", inside=False)
Z_INLIER_ROWS = _deviation_rows("z_inlier_rows", f"at most {_DEVIATIONS}", inside=True)

OPERATORS = (OUTLIER_ROWS, INLIER_ROWS, Z_OUTLIER_ROWS, Z_INLIER_ROWS)
