"""Two samples of numbers that are compared, in both engines, and how such operators are made.

Operands of these operators are two columns of values, for instance one column on the rows of two
groups. Cells without a value are left out of either sample. The operators have no use for operands
that are drawn blindly (the mass of penguins against the year): their ``bindings`` are empty, and
whoever draws them takes one column under two conditions, as for ``difference``.
"""

# ruff: noqa: S608 - the SQL is made of operands' SQL and fixed text only
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, close, numbers_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope
from tracemill_datagen.program.vector import Values, average, squares
from tracemill_datagen.program.words import snake, stem
from tracemill_datagen.table.sheet import Numbers, Sheet

MIN_SAMPLE = 5
"""Fewest values of either sample; below that neither a test nor an effect size says anything."""

SURE = 0.99995
"""A probability from here on is 1.0000 as an answer and says nothing."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Size, mean and sum of squared deviations of one sample."""

    size: int
    mean: float
    squares: float

    def variance(self, ddof: int = 1) -> float:
        """Return the variance with ``size - ddof`` in the denominator."""
        return self.squares / (self.size - ddof)


def moments_of(values: Values) -> Moments:
    """Return size, mean and squared deviations of at least one number (two passes)."""
    return Moments(len(values), average(values), squares(values))


def two_samples(inputs: Sequence[Datum]) -> tuple[Numbers, Numbers]:
    """Return the values of both operands.

    Raises:
        Rejected: ``too_few_rows`` if either has fewer than ``MIN_SAMPLE``, ``same_sample`` if both
            hold the same values.
    """
    first, second = numbers_in(inputs[0]), numbers_in(inputs[1])
    if min(len(first), len(second)) < MIN_SAMPLE:
        raise Rejected("too_few_rows", f"samples of {len(first)} and {len(second)} values")
    if np.array_equal(first, second):
        raise Rejected("same_sample", "a sample is compared with itself")
    return first, second


def two_moments(inputs: Sequence[Datum]) -> tuple[Moments, Moments]:
    """Return the moments of both operands.

    Raises:
        Rejected: as ``two_samples``; ``constant_column`` if neither sample varies, ``vanishes`` if
            means that should be equal differ by rounding noise only.
    """
    first, second = (moments_of(values) for values in two_samples(inputs))
    if first.squares == 0 and second.squares == 0:
        raise Rejected("constant_column", "neither sample varies")
    if close(first.mean, second.mean):
        raise Rejected("vanishes", f"means {first.mean} and {second.mean}")
    return first, second


def probability(p: float) -> float:
    """Return a probability that says something.

    Raises:
        Rejected: ``degenerate_p`` if it is 1.0000 to four digits, or so small that it underflows.
            One that is merely small may decide a condition; as an answer it ``vanishes``.
    """
    if not 0 < p < SURE:
        raise Rejected("degenerate_p", repr(p))
    return p


SIZES_AND_MOMENTS = (
    "SELECT am.n AS n, am.m AS m, "
    "(SELECT SUM((v - am.m) * (v - am.m)) FROM a) AS q, "
    "bm.n AS k, bm.m AS w, "
    "(SELECT SUM((v - bm.m) * (v - bm.m)) FROM b) AS r "
    "FROM (SELECT COUNT(v) AS n, AVG(v) AS m FROM a) AS am, "
    "(SELECT COUNT(v) AS n, AVG(v) AS m FROM b) AS bm"
)
"""Size, mean and squared deviations of sample a as n, m, q and of sample b as k, w, r."""


def with_samples(inputs: Sequence[str], then: str) -> str:
    """Return SQL in which ``then`` reads the values ``v`` of the operands as tables a and b."""
    return (
        f"(WITH a AS MATERIALIZED (SELECT v FROM ({inputs[0]}) WHERE v IS NOT NULL), "
        f"b AS MATERIALIZED (SELECT v FROM ({inputs[1]}) WHERE v IS NOT NULL) {then})"
    )


def of_moments(formula: str) -> Callable[[SqlScope, Parameters, Sequence[str]], str]:
    """Return SQL of a formula of the names that ``SIZES_AND_MOMENTS`` binds."""
    then = f"SELECT {formula} FROM ({SIZES_AND_MOMENTS})"
    return lambda _scope, _parameters, inputs: with_samples(inputs, then)


def comparison(
    name: str,
    wordings: tuple[str, ...],
    evaluate: Callable[[Parameters, Sequence[Datum]], float],
    sql: Callable[[SqlScope, Parameters, Sequence[str]], str],
    pandas: Callable[[Parameters, str, str], str],
    *,
    words: Mapping[str, Mapping[int | float | str, str]] | None = None,
) -> Operator:
    """Make an operator of two samples.

    Args:
        name: Its name.
        wordings: Its patterns.
        evaluate: (literals, operands) -> value.
        sql: The same in SQL.
        pandas: The same from two expressions of Series without empty cells.
        words: As in ``Operator``.
    """

    def meaning(_: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        return evaluate(parameters, inputs)

    return Operator(
        name=name,
        inputs=("numbers", "numbers"),
        output="number",
        evaluate=meaning,
        sql=sql,
        pandas=lambda p, i: pandas(p, f"{i[0]}.dropna()", f"{i[1]}.dropna()"),
        variable=lambda _p, i: snake(name, stem(i[0])),
        wordings=wordings,
        words=words or {},
        bindings=lambda _roles: [],
    )
