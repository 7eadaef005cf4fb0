"""Two samples compared by their order: the Mann-Whitney and the Kolmogorov-Smirnov statistics.

Mann-Whitney's U counts the pairs in which the first sample's value is the larger, ties as one half.
Its p-value here is the normal approximation with the correction for ties, two-sided, with or
without the correction for continuity (H. B. Mann and D. R. Whitney, Ann. Math. Stat. 18 (1947) 50;
E. L. Lehmann, Nonparametrics (1975), ch. 1). The exact distribution is not defined with ties.
"""

# ruff: noqa: S608 - the SQL is made of operands' SQL and fixed text only
from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.operator import Parameters, SqlScope, text
from tracemill_datagen.program.operators.sample import (
    comparison,
    probability,
    two_samples,
    with_samples,
)
from tracemill_datagen.program.operators.tail import normal_p
from tracemill_datagen.program.vector import Values, ranks, summed

MIN_NORMAL = 9
"""Fewest values of either sample for the normal approximation; scipy takes the exact distribution
for up to 8 where it chooses itself (scipy.stats.mannwhitneyu, method="auto")."""

CONTINUITY = {"yes": 0.5, "no": 0.0}
SIDES = ("first", "smaller")

U_OF_FIRST = (
    "of the first of the two samples: the number of pairs in which its value is the larger, ties "
    "as one half"
)
"""Programs give the U statistic of either sample: their sum is the number of pairs."""


def mann_whitney(first: Values, second: Values) -> float:
    """Return U of the first sample: pairs in which its value is larger, ties as one half."""
    below = summed(ranks(np.concatenate((first, second)))[: len(first)])
    return below - len(first) * (len(first) + 1) / 2


def _u(parameters: Parameters, inputs: Sequence[Datum]) -> float:
    first, second = two_samples(inputs)
    u = mann_whitney(first, second)
    whole = len(first) * len(second)
    if text(parameters, "of") == "first":
        return u
    return min(u, whole - u)


def _p(parameters: Parameters, inputs: Sequence[Datum]) -> float:
    first, second = two_samples(inputs)
    if min(len(first), len(second)) < MIN_NORMAL:
        raise Rejected("too_few_rows", f"samples of {len(first)} and {len(second)} values")
    product, n = len(first) * len(second), len(first) + len(second)
    times = np.unique(np.concatenate((first, second)), return_counts=True)[1].tolist()
    tied = sum(t**3 - t for t in times)
    variance = product / 12 * (n + 1 - tied / (n * (n - 1)))
    if variance <= 0:
        raise Rejected("constant_column", "all values are equal")
    distance = abs(mann_whitney(first, second) - product / 2)
    shift = CONTINUITY[text(parameters, "continuity")]
    if distance <= shift:
        raise Rejected("degenerate_p", "the samples are ordered alike")
    return probability(normal_p((distance - shift) / math.sqrt(variance)))


_RANKED = (
    "SELECT first, RANK() OVER (ORDER BY v) + (COUNT(*) OVER (PARTITION BY v) - 1) / 2.0 AS rank, "
    "COUNT(*) OVER (PARTITION BY v) AS t "
    "FROM (SELECT v, 1 AS first FROM a UNION ALL SELECT v, 0 FROM b)"
)
_SUMS = (
    "SELECT SUM(first) AS n, COUNT(*) - SUM(first) AS k, "
    "SUM(first * rank) - SUM(first) * (SUM(first) + 1) / 2.0 AS u, "
    f"SUM(t * t - 1.0) AS tied FROM ({_RANKED})"
)
"""Sizes n and k, U of the first sample, and the sum of t^3 - t: t^2 - 1 for each of t values."""


def _sql_u(_: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    u = "u" if text(parameters, "of") == "first" else "MIN(u, n * k - u)"
    return with_samples(inputs, f"SELECT {u} FROM ({_SUMS})")


def _sql_p(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    shift = scope.literal(CONTINUITY[text(parameters, "continuity")])
    variance = "n * k / 12.0 * (n + k + 1 - tied / ((n + k) * (n + k - 1.0)))"
    z = f"(ABS(u - n * k / 2.0) - {shift}) / root({variance})"
    return with_samples(inputs, f"SELECT normal_p({z}) FROM ({_SUMS})")


def _pandas_u(parameters: Parameters, a: str, b: str) -> str:
    u = f"stats.mannwhitneyu({a}, {b}).statistic"
    if text(parameters, "of") == "first":
        return u
    return f"min({u}, stats.mannwhitneyu({b}, {a}).statistic)"


def _pandas_p(parameters: Parameters, a: str, b: str) -> str:
    continuity = text(parameters, "continuity") == "yes"
    return f'stats.mannwhitneyu({a}, {b}, use_continuity={continuity}, method="asymptotic").pvalue'


def ks_distance(first: Values, second: Values) -> float:
    """Return the largest distance between the two empirical distribution functions."""
    values = np.concatenate((first, second))
    parts = [np.searchsorted(np.sort(v), values, side="right") / len(v) for v in (first, second)]
    return float(np.abs(parts[0] - parts[1]).max())


def _ks(_: Parameters, inputs: Sequence[Datum]) -> float:
    distance = ks_distance(*two_samples(inputs))
    if distance == 1:
        raise Rejected("disjoint_samples", "every value of one sample is above all of the other")
    return distance


_STEPS = (
    "SELECT v, 1.0 / (SELECT COUNT(*) FROM a) AS x, 0.0 AS y FROM a "
    "UNION ALL SELECT v, 0.0, 1.0 / (SELECT COUNT(*) FROM b) FROM b"
)
# The default frame of an ordered window reaches to the last of equal values: ties are not split.
_KS = (
    "SELECT MAX(d) FROM (SELECT ABS(SUM(x) OVER (ORDER BY v) - SUM(y) OVER (ORDER BY v)) AS d "
    f"FROM ({_STEPS}))"
)

MANN_WHITNEY_U = comparison(
    "mann_whitney_u",
    (
        "the Mann-Whitney U statistic ({of}) of {0} against {1}",
        "the Mann-Whitney U statistic ({of}) that compares {0} with {1}",
    ),
    _u,
    _sql_u,
    _pandas_u,
    words={"of": {"first": U_OF_FIRST, "smaller": "the smaller of those of the two samples"}},
)
MANN_WHITNEY_P = comparison(
    "mann_whitney_p",
    (
        (
            "the two-sided p-value of the Mann-Whitney test (normal approximation, corrected for "
            "ties, {continuity} continuity correction) of {0} against {1}"
        ),
        (
            "the two-sided p-value of the Mann-Whitney test (normal approximation, corrected for "
            "ties, {continuity} continuity correction) that compares {0} with {1}"
        ),
    ),
    _p,
    _sql_p,
    _pandas_p,
    words={"continuity": {"yes": "with", "no": "without"}},
)
# The method concerns the p-value only; the exact one warns where it does not converge.
KS_DISTANCE = comparison(
    "ks_distance",
    (
        "the two-sample Kolmogorov-Smirnov statistic of {0} against {1}",
        "the two-sample Kolmogorov-Smirnov statistic that compares {0} with {1}",
    ),
    _ks,
    lambda _s, _p, i: with_samples(i, _KS),
    lambda _p, a, b: f'stats.ks_2samp({a}, {b}, method="asymp").statistic',
)

OPERATORS = (MANN_WHITNEY_U, MANN_WHITNEY_P, KS_DISTANCE)
