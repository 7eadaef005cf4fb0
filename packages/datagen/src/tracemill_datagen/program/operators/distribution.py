"""The shape of one column: skewness, kurtosis, and how far it is from a normal distribution.

Definitions by D. N. Joanes and C. A. Gill, The Statistician 47 (1998) 183: g1 and g2 from the
moments of the values as a population, G1 and G2 as adjusted for a sample; b2 = g2 + 3 is the
kurtosis that a normal distribution has at 3. The Kolmogorov-Smirnov distance is taken to the
normal distribution with the column's own mean and deviation; its p-value by the usual tables is
wrong then (H. W. Lilliefors, J. Am. Stat. Assoc. 62 (1967) 399), so only the distance is asked for.
"""

# ruff: noqa: S608 - the SQL is made of operands' SQL, fixed text and bound parameters only
from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, numbers_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, integer, text
from tracemill_datagen.program.operators.sample import moments_of
from tracemill_datagen.program.operators.tail import normal_below
from tracemill_datagen.program.vector import Values, deviations, listed, summed
from tracemill_datagen.program.words import snake, stem
from tracemill_datagen.table.sheet import Numbers, Sheet

MAX_DISTANCE = 5_000
"""Most values of which a distance to the normal is taken: the second engine sums a series each."""

MIN_SHAPE = 10
"""Fewest values of which a shape is told."""

Words = Mapping[int | float | str, str]

SKEWNESSES: Words = {
    "population": "g1, of the values as a population",
    "sample": "G1, adjusted for a sample",
}
KURTOSES: Words = {
    "population": "g2, excess over 3, of the values as a population",
    "sample": "G2, excess over 3, adjusted for a sample",
    "plain": "b2, which is 3 for a normal distribution",
}


def _values(inputs: Sequence[Datum]) -> Numbers:
    values = numbers_in(inputs[0])
    if len(values) < MIN_SHAPE:
        raise Rejected("too_few_rows", f"the shape of {len(values)} values")
    return values


def _standardised(values: Values, power: int) -> float:
    """Return a moment of the values over the same power of their population deviation."""
    moments = moments_of(values)
    if moments.squares == 0:
        raise Rejected("constant_column", "the shape of equal values")
    with np.errstate(over="ignore"):
        total = summed(deviations(values) ** power)
    return total / moments.size / float(moments.variance(0) ** (power / 2))


def skewness(values: Values, definition: str) -> float:
    """Return the skewness of at least three numbers that are not all equal."""
    n, g1 = len(values), _standardised(values, 3)
    return g1 if definition == "population" else g1 * math.sqrt(n * (n - 1)) / (n - 2)


def kurtosis(values: Values, definition: str) -> float:
    """Return the kurtosis of at least four numbers that are not all equal."""
    n, b2 = len(values), _standardised(values, 4)
    if definition == "plain":
        return b2
    g2 = b2 - 3
    if definition == "population":
        return g2
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)


def ks_normal(values: Values, ddof: int) -> float:
    """Return the distance of the values from the normal distribution of their mean and deviation.

    Raises:
        Rejected: ``constant_column`` if the values do not vary.
    """
    moments = moments_of(values)
    if moments.squares == 0:
        raise Rejected("constant_column", "the distance of equal values")
    deviation = math.sqrt(moments.variance(ddof))
    below = [normal_below((value - moments.mean) / deviation) for value in sorted(listed(values))]
    n = len(below)
    return max(max((i + 1) / n - p, p - i / n) for i, p in enumerate(below))


_G1 = "SUM(d * d * d) / n / (q / n * root(q / n))"
_B2 = "SUM(d * d * d * d) / n / (q / n * q / n)"
_SQL_SHAPES: Mapping[tuple[str, str], str] = {
    ("skewness", "population"): _G1,
    ("skewness", "sample"): f"{_G1} * root(n * (n - 1.0)) / (n - 2)",
    ("kurtosis", "plain"): _B2,
    ("kurtosis", "population"): f"{_B2} - 3",
    ("kurtosis", "sample"): (f"(n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1) * ({_B2} - 3) + 6)"),
}


def _deviations(values: str) -> str:
    """Return SQL of tables s (values), m (n and mean) and e (each deviation d, their squares q)."""
    return (
        f"WITH s AS MATERIALIZED (SELECT v FROM ({values}) WHERE v IS NOT NULL), "
        "m AS (SELECT COUNT(*) AS n, AVG(v) AS mean FROM s), "
        "e AS (SELECT v - mean AS d, n, "
        "(SELECT SUM((v - mean) * (v - mean)) FROM s, m) AS q FROM s, m)"
    )


def _shape(
    name: str,
    compute: Callable[[Values, str], float],
    definitions: Words,
    pandas: Mapping[str, str],
) -> Operator:
    def evaluate(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        return compute(_values(inputs), text(parameters, "definition"))

    def sql(_: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
        formula = _SQL_SHAPES[name, text(parameters, "definition")]
        return f"({_deviations(inputs[0])} SELECT {formula} FROM e)"

    return Operator(
        name=name,
        inputs=("numbers",),
        output="number",
        evaluate=evaluate,
        sql=sql,
        pandas=lambda p, i: pandas[text(p, "definition")].format(f"{i[0]}.dropna().astype(float)"),
        variable=lambda _p, i: snake(name, stem(i[0])),
        wordings=(
            f"the {name} ({{definition}}) of {{0}}",
            f"the {name} (defined as {{definition}}) of {{0}}",
        ),
        words={"definition": definitions},
        bindings=lambda _roles: [{"definition": definition} for definition in definitions],
    )


SKEWNESS = _shape(
    "skewness",
    skewness,
    SKEWNESSES,
    {"population": "stats.skew({0})", "sample": "stats.skew({0}, bias=False)"},
)
KURTOSIS = _shape(
    "kurtosis",
    kurtosis,
    KURTOSES,
    {
        "population": "stats.kurtosis({0})",
        "sample": "stats.kurtosis({0}, bias=False)",
        "plain": "stats.kurtosis({0}, fisher=False)",
    },
)


def _ks_normal(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    values = _values(inputs)
    if len(values) > MAX_DISTANCE:
        raise Rejected("too_many_rows", f"{len(values)} values, at most {MAX_DISTANCE}")
    return ks_normal(values, integer(parameters, "ddof"))


def _sql_ks_normal(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    ddof = scope.literal(integer(parameters, "ddof"))
    return (
        f"({_deviations(inputs[0])} SELECT MAX(MAX(r * 1.0 / n - p, p - (r - 1.0) / n)) FROM ("
        "SELECT n, ROW_NUMBER() OVER (ORDER BY d) AS r, "
        f"normal_below(d / root(q / (n - {ddof}))) AS p FROM e))"
    )


KS_NORMAL = Operator(
    name="ks_normal",
    inputs=("numbers",),
    output="number",
    evaluate=_ks_normal,
    sql=_sql_ks_normal,
    pandas=lambda p, i: (
        f'stats.kstest({i[0]}.dropna().astype(float), "norm", '
        f"args=({i[0]}.mean(), {i[0]}.std(ddof={integer(p, 'ddof')}))).statistic"
    ),
    variable=lambda _p, i: snake("ks_normal", stem(i[0])),
    wordings=(
        (
            "the Kolmogorov-Smirnov distance to the normal distribution of the same mean and "
            "standard deviation (ddof = {ddof}) of {0}"
        ),
        (
            "the Kolmogorov-Smirnov statistic against the normal distribution of the same mean "
            "and standard deviation (ddof = {ddof}) of {0}"
        ),
    ),
    bindings=lambda _roles: [{"ddof": 0}, {"ddof": 1}],
)

OPERATORS = (SKEWNESS, KURTOSIS, KS_NORMAL)
