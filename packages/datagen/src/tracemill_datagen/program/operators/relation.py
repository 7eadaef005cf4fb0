"""Operators over two columns of the same rows."""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

import math
from collections.abc import Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program import binding
from tracemill_datagen.program.datum import Datum, Number, rows_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, text
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Sheet

MIN_PAIRS = 10
"""Fewer pairs than this say nothing about a relation."""


def _pairs(
    sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]
) -> tuple[list[Number], list[Number]]:
    """Return the two columns on the rows where both have a value."""
    x = sheet.column(text(parameters, "x")).values
    y = sheet.column(text(parameters, "y")).values
    left: list[Number] = []
    right: list[Number] = []
    for row in rows_in(inputs[0]):
        a, b = x[row], y[row]
        if isinstance(a, int | float) and isinstance(b, int | float):
            left.append(a)
            right.append(b)
    if len(left) < MIN_PAIRS:
        raise Rejected("too_few_rows", f"{len(left)} pairs")
    return left, right


def pearson(left: Sequence[Number], right: Sequence[Number]) -> float:
    """Return Pearson's r (two passes).

    Raises:
        Rejected: ``constant_column`` if one side does not vary, ``not_finite`` if squares overflow.
    """
    mean_left, mean_right = math.fsum(left) / len(left), math.fsum(right) / len(right)
    a = [value - mean_left for value in left]
    b = [value - mean_right for value in right]
    squares = math.fsum(v * v for v in a) * math.fsum(v * v for v in b)
    if squares == 0:
        raise Rejected("constant_column", "correlation with a constant")
    if not math.isfinite(squares):
        raise Rejected("not_finite", "correlation")
    return math.fsum(v * w for v, w in zip(a, b, strict=True)) / math.sqrt(squares)


def ranks(values: Sequence[Number]) -> list[float]:
    """Return ranks from 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    result = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for index in order[start : end + 1]:
            result[index] = (start + end) / 2 + 1
        start = end + 1
    return result


def _rank_correlation(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    left, right = _pairs(sheet, parameters, inputs)
    return pearson(ranks(left), ranks(right))


def _sql_pairs(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    x, y = scope.column(parameters, "x"), scope.column(parameters, "y")
    return (
        f"SELECT {x} AS x, {y} AS y FROM t "
        f"WHERE ({inputs[0]}) AND {x} IS NOT NULL AND {y} IS NOT NULL"
    )


def _sql_pearson(pairs: str) -> str:
    return (
        f"(WITH p AS MATERIALIZED ({pairs}), m AS (SELECT AVG(x) AS mx, AVG(y) AS my FROM p) "
        "SELECT SUM((x - mx) * (y - my)) / "
        "root(SUM((x - mx) * (x - mx)) * SUM((y - my) * (y - my))) FROM p, m)"
    )


def _sql_rank(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    return _sql_pearson(
        "SELECT RANK() OVER (ORDER BY x) + (COUNT(*) OVER (PARTITION BY x) - 1) / 2.0 AS x, "
        "RANK() OVER (ORDER BY y) + (COUNT(*) OVER (PARTITION BY y) - 1) / 2.0 AS y "
        f"FROM ({_sql_pairs(scope, parameters, inputs)})"
    )


def _wordings(kind: str) -> tuple[str, ...]:
    return (
        f"the {kind} between {{x}} and {{y}}[ over {{0}}]",
        f"the {kind} of {{x}} and {{y}}[ over {{0}}]",
    )


CORRELATION = Operator(
    name="correlation",
    inputs=("rows",),
    output="number",
    evaluate=lambda sheet, p, i: pearson(*_pairs(sheet, p, i)),
    sql=lambda scope, p, i: _sql_pearson(_sql_pairs(scope, p, i)),
    pandas=lambda p, i: f"{i[0]}[{python(text(p, 'x'))}].corr({i[0]}[{python(text(p, 'y'))}])",
    variable=lambda p, _i: snake("correlation", p["x"], p["y"]),
    wordings=_wordings("Pearson correlation"),
    bindings=binding.pairs,
    symmetric=("x", "y"),
)

RANK_CORRELATION = Operator(
    name="rank_correlation",
    inputs=("rows",),
    output="number",
    evaluate=_rank_correlation,
    sql=_sql_rank,
    # The ranks are written out: pandas' own method="spearman" would import scipy in the sandbox.
    pandas=lambda p, i: (
        f"{i[0]}[[{python(text(p, 'x'))}, {python(text(p, 'y'))}]]"
        ".dropna().rank().corr().iloc[0, 1]"
    ),
    variable=lambda p, _i: snake("rank_correlation", p["x"], p["y"]),
    wordings=_wordings("Spearman rank correlation"),
    bindings=binding.pairs,
    symmetric=("x", "y"),
)

OPERATORS = (CORRELATION, RANK_CORRELATION)
