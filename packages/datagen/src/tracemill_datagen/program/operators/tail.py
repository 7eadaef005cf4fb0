"""Tail probabilities of the normal, Student's t and the chi-square distribution, computed twice.

``normal_p``, ``student_p``, ``chi_square_p`` and ``normal_below`` use scipy.special, or the C
library's erfc, and belong to the gold engine. ``SQL_FUNCTIONS`` holds the same by series and
continued fractions of our own, for sqlite: a slip in either shows as a disagreement of the
engines. The formulas are those of the NIST Digital Library of Mathematical Functions
(https://dlmf.nist.gov), fractions by Lentz's method (Thompson and Barnett, J. Comput. Phys. 64
(1986) 490).
"""

# ruff: noqa: PLC0415 - scipy.special takes a second to import and few commands need it
from __future__ import annotations

import math
from collections.abc import Callable, Iterator

TERMS = 10_000
"""Terms of a series or fraction before it is given up; those below need some hundreds."""

PRECISION = 1e-15
TINY = 1e-300
"""Stands for a zero denominator in Lentz's method."""


def normal_p(z: float) -> float:
    """Return the probability that a standard normal variable is at least as far from 0 as z."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def normal_below(z: float) -> float:
    """Return the probability that a standard normal variable is below z."""
    return math.erfc(-z / math.sqrt(2.0)) / 2.0


def student_p(t: float, df: float) -> float:
    """Return the two-sided probability of Student's t with ``df`` > 0 degrees of freedom."""
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))


def chi_square_p(x: float, df: float) -> float:
    """Return the probability that chi-square with ``df`` > 0 degrees of freedom exceeds x >= 0."""
    from scipy.special import chdtrc

    return float(chdtrc(df, x))


def _fraction(terms: Iterator[tuple[float, float]]) -> float:
    """Evaluate a1/(b1 + a2/(b2 + ...)) by Lentz's method; ``terms`` yields (a, b)."""
    c, d, value = TINY, 0.0, TINY
    for _, (a, b) in zip(range(TERMS), terms, strict=False):
        d = 1.0 / ((b + a * d) or TINY)
        c = (b + a / c) or TINY
        value *= c * d
        if abs(c * d - 1.0) < PRECISION:
            break
    return value


def _series(ratio: Callable[[int], float]) -> float:
    """Return 1 + r1 + r1 r2 + ... for positive ratios of neighbouring terms."""
    total = term = 1.0
    for k in range(1, TERMS):
        term *= ratio(k)
        total += term
        if term < PRECISION * total:
            break
    return total


def _erfc(x: float) -> float:
    """Return the complementary error function of x >= 0: series DLMF 7.6.2, fraction 7.9.1."""
    if x < 2.0:
        series = _series(lambda k: 2.0 * x * x / (2 * k + 1))
        return 1.0 - 2.0 * x / math.sqrt(math.pi) * math.exp(-x * x) * series

    def terms() -> Iterator[tuple[float, float]]:
        yield x, x * x
        k = 1
        while True:
            yield k / 2.0, 1.0 if k % 2 else x * x
            k += 1

    return math.exp(-x * x) / math.sqrt(math.pi) * _fraction(terms())


def _beta(x: float, rest: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b): fraction DLMF 8.17.22.

    ``rest`` is 1 - x; it is given apart because it may be too small to be told from x near 1.
    """
    if x <= 0.0 or rest <= 0.0:
        return float(rest <= 0.0)
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - _beta(rest, x, b, a)

    def terms() -> Iterator[tuple[float, float]]:
        yield 1.0, 1.0
        m = 0
        while True:
            even = a + 2 * m
            yield -(a + m) * (a + b + m) * x / (even * (even + 1)), 1.0
            m += 1
            even = a + 2 * m
            yield m * (b - m) * x / ((even - 1) * even), 1.0

    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logs + a * math.log(x) + b * math.log(rest)) / a
    return front * _fraction(terms())


def _gamma(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function: series DLMF 8.7.1, fraction 8.9.2."""
    if x <= 0.0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1.0:
        return 1.0 - front / a * _series(lambda k: x / (a + k))

    def terms() -> Iterator[tuple[float, float]]:
        yield 1.0, x + 1.0 - a
        k = 1
        while True:
            yield k * (a - k), x + 2 * k + 1.0 - a
            k += 1

    return front * _fraction(terms())


def own_normal_p(z: float | None) -> float | None:
    """Return what ``normal_p`` returns, by our own formulas; None of None."""
    return None if z is None else _erfc(abs(z) / math.sqrt(2.0))


def own_normal_below(z: float | None) -> float | None:
    """Return what ``normal_below`` returns, by our own formulas; None of None."""
    if z is None:
        return None
    tail = _erfc(abs(z) / math.sqrt(2.0)) / 2.0
    return 1.0 - tail if z > 0 else tail


def own_student_p(t: float | None, df: float | None) -> float | None:
    """Return what ``student_p`` returns, by our own formulas (DLMF 8.17.5); None of None."""
    if t is None or df is None or df <= 0:
        return None
    whole = df + t * t
    return _beta(df / whole, t * t / whole, df / 2.0, 0.5)


def own_chi_square_p(x: float | None, df: float | None) -> float | None:
    """Return what ``chi_square_p`` returns, by our own formulas; None of None."""
    if x is None or df is None or df <= 0:
        return None
    return _gamma(df / 2.0, x / 2.0)


SQL_FUNCTIONS: tuple[tuple[str, int, Callable[..., float | None]], ...] = (
    ("normal_p", 1, own_normal_p),
    ("normal_below", 1, own_normal_below),
    ("student_p", 2, own_student_p),
    ("chi_square_p", 2, own_chi_square_p),
)
"""Name in SQL, number of arguments, function: what ``sqlite.py`` registers."""
