"""Student's and Welch's t-tests of two samples, their effect size, and how far variances differ.

Formulas: B. L. Welch, Biometrika 34 (1947) 28 (the test and its degrees of freedom, by
Satterthwaite); J. Cohen, Statistical Power Analysis (1988), ch. 2 (d with the pooled deviation).
All probabilities are two-sided.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.operator import Parameters, SqlScope, integer
from tracemill_datagen.program.operators.sample import (
    SIZES_AND_MOMENTS,
    Moments,
    comparison,
    moments_of,
    of_moments,
    probability,
    two_moments,
    two_samples,
    with_samples,
)
from tracemill_datagen.program.operators.tail import student_p


def pooled(first: Moments, second: Moments) -> float:
    """Return the pooled variance of two samples."""
    return (first.squares + second.squares) / (first.size + second.size - 2)


def student(first: Moments, second: Moments) -> float:
    """Return Student's t of two samples, the first mean minus the second."""
    error = pooled(first, second) * (1 / first.size + 1 / second.size)
    return (first.mean - second.mean) / math.sqrt(error)


def welch(first: Moments, second: Moments) -> tuple[float, float]:
    """Return Welch's t of two samples and its degrees of freedom."""
    a, b = (sample.variance() / sample.size for sample in (first, second))
    df = (a + b) ** 2 / (a * a / (first.size - 1) + b * b / (second.size - 1))
    return (first.mean - second.mean) / math.sqrt(a + b), df


def _student_p(_: Parameters, inputs: Sequence[Datum]) -> float:
    first, second = two_moments(inputs)
    return probability(student_p(student(first, second), first.size + second.size - 2))


def _cohen(_: Parameters, inputs: Sequence[Datum]) -> float:
    first, second = two_moments(inputs)
    return (first.mean - second.mean) / math.sqrt(pooled(first, second))


def _variance_ratio(parameters: Parameters, inputs: Sequence[Datum]) -> float:
    ddof = integer(parameters, "ddof")
    variances = [moments_of(values).variance(ddof) for values in two_samples(inputs)]
    if min(variances) == 0:
        raise Rejected("constant_column", "a sample does not vary")
    return max(variances) / min(variances)


def _sql_variance_ratio(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    ddof = scope.literal(integer(parameters, "ddof"))
    first, second = f"q / (n - {ddof})", f"r / (k - {ddof})"
    ratio = f"MAX({first}, {second}) / MIN({first}, {second})"
    return with_samples(inputs, f"SELECT {ratio} FROM ({SIZES_AND_MOMENTS})")  # noqa: S608


_STUDENT_T = "(m - w) / root((q + r) / (n + k - 2) * (1.0 / n + 1.0 / k))"
_A, _B = "(q / (n - 1) / n)", "(r / (k - 1) / k)"
_WELCH_T = f"(m - w) / root({_A} + {_B})"
_WELCH_DF = f"({_A} + {_B}) * ({_A} + {_B}) / ({_A} * {_A} / (n - 1) + {_B} * {_B} / (k - 1))"

STUDENT_T = comparison(
    "student_t",
    (
        "the Student t statistic of {0} against {1}",
        "the Student t statistic that compares {0} with {1}",
    ),
    lambda _p, i: student(*two_moments(i)),
    of_moments(_STUDENT_T),
    lambda _p, a, b: f"stats.ttest_ind({a}, {b}).statistic",
)
STUDENT_P = comparison(
    "student_p",
    (
        "the two-sided p-value of the Student t-test of {0} against {1}",
        "the two-sided p-value of the Student t-test that compares {0} with {1}",
    ),
    _student_p,
    of_moments(f"student_p({_STUDENT_T}, n + k - 2)"),
    lambda _p, a, b: f"stats.ttest_ind({a}, {b}).pvalue",
)
WELCH_T = comparison(
    "welch_t",
    (
        "the Welch t statistic of {0} against {1}",
        "the Welch t statistic that compares {0} with {1}",
    ),
    lambda _p, i: welch(*two_moments(i))[0],
    of_moments(_WELCH_T),
    lambda _p, a, b: f"stats.ttest_ind({a}, {b}, equal_var=False).statistic",
)
WELCH_P = comparison(
    "welch_p",
    (
        "the two-sided p-value of the Welch t-test of {0} against {1}",
        "the two-sided p-value of the Welch t-test that compares {0} with {1}",
    ),
    lambda _p, i: probability(student_p(*welch(*two_moments(i)))),
    of_moments(f"student_p({_WELCH_T}, {_WELCH_DF})"),
    lambda _p, a, b: f"stats.ttest_ind({a}, {b}, equal_var=False).pvalue",
)
COHEN_D = comparison(
    "cohen_d",
    (
        "the Cohen d (pooled deviation) of {0} against {1}",
        "the Cohen d (pooled deviation) that compares {0} with {1}",
    ),
    _cohen,
    of_moments("(m - w) / root((q + r) / (n + k - 2))"),
    lambda _p, a, b: (
        f"({a}.mean() - {b}.mean()) / ((({a}.size - 1) * {a}.var() + ({b}.size - 1) * {b}.var())"
        f" / ({a}.size + {b}.size - 2)) ** 0.5"
    ),
)
VARIANCE_RATIO = comparison(
    "variance_ratio",
    (
        "the ratio of the larger to the smaller variance (ddof = {ddof}) of {0} and {1}",
        "the larger variance (ddof = {ddof}) divided by the smaller one of {0} and {1}",
    ),
    _variance_ratio,
    _sql_variance_ratio,
    lambda p, a, b: (
        f"max({a}.var(ddof={integer(p, 'ddof')}), {b}.var(ddof={integer(p, 'ddof')})) / "
        f"min({a}.var(ddof={integer(p, 'ddof')}), {b}.var(ddof={integer(p, 'ddof')}))"
    ),
)

OPERATORS = (STUDENT_T, STUDENT_P, WELCH_T, WELCH_P, COHEN_D, VARIANCE_RATIO)
