"""Operators over two columns of the same rows."""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

import math
from collections.abc import Sequence

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program import binding
from tracemill_datagen.program.datum import Datum, rows_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, text
from tracemill_datagen.program.vector import Values, complete, deviations, dot, ranks
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.sheet import Numbers, Sheet

MIN_PAIRS = 10
"""Fewer pairs than this say nothing about a relation."""


def complete_pairs(
    sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]
) -> tuple[Numbers, Numbers]:
    """Return x and y on the rows where both have a value; ``too_few_rows`` if there are few."""
    x, y = (sheet.column(text(parameters, key)) for key in ("x", "y"))
    rows = complete(rows_in(inputs[0]), x, y)
    if len(rows) < MIN_PAIRS:
        raise Rejected("too_few_rows", f"{len(rows)} pairs")
    return x.numbers[rows], y.numbers[rows]


def pearson(left: Values, right: Values) -> float:
    """Return Pearson's r (two passes).

    Raises:
        Rejected: ``constant_column`` if one side does not vary, ``not_finite`` if squares overflow.
    """
    a, b = deviations(left), deviations(right)
    squares = dot(a, a) * dot(b, b)
    if squares == 0:
        raise Rejected("constant_column", "correlation with a constant")
    if not math.isfinite(squares):
        raise Rejected("not_finite", "correlation")
    return dot(a, b) / math.sqrt(squares)


def _rank_correlation(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    left, right = complete_pairs(sheet, parameters, inputs)
    return pearson(ranks(left), ranks(right))


def sql_pairs(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    """Return the same pairs as SQL."""
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
        f"FROM ({sql_pairs(scope, parameters, inputs)})"
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
    evaluate=lambda sheet, p, i: pearson(*complete_pairs(sheet, p, i)),
    sql=lambda scope, p, i: _sql_pearson(sql_pairs(scope, p, i)),
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
