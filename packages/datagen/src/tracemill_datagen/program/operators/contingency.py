"""Independence of two categories: the chi-square test of their cross-table, and Cramer's V.

The test is Pearson's, of rows with a value in both columns. A table of two by two may be corrected
for continuity (F. Yates, J. R. Stat. Soc. Suppl. 1 (1934) 217): each difference between observed
and expected shrinks by one half, but not below nothing.
"""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, rows_in
from tracemill_datagen.program.operator import Operator, Parameters, SqlScope, text
from tracemill_datagen.program.operators.sample import probability
from tracemill_datagen.program.operators.tail import chi_square_p
from tracemill_datagen.program.vector import Doubles, pair_counts, summed
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Codes, Sheet

MIN_EXPECTED = 5
"""Least expected count of a cell (W. G. Cochran, Biometrics 10 (1954) 417): below it the chi-square
distribution is no longer that of the statistic."""

FUNCTION = 1 - 1e-9
"""From this square of V on one category is a function of the other, up to rounding."""


@dataclass(frozen=True, slots=True)
class CrossTable:
    """Counts of two categories.

    Attributes:
        counts: Rows of each label of the first with each of the second, shape (left, right); each
            label of either has some.
    """

    counts: Codes

    @property
    def rows(self) -> int:
        """Number of rows counted."""
        return int(self.counts.sum())

    @property
    def freedom(self) -> int:
        """Degrees of freedom of its chi-square statistic."""
        left, right = self.counts.shape
        return int(left - 1) * int(right - 1)

    def chi_square(self, *, corrected: bool) -> float:
        """Return Pearson's statistic; the correction applies to two by two only."""
        shift = 0.5 if corrected and self.freedom == 1 else 0.0
        left, right = (self.counts.sum(axis=axis) for axis in (1, 0))
        expected = np.multiply.outer(left, right) / self.rows
        distance = np.abs(self.counts - expected)
        terms: Doubles = (distance - np.minimum(shift, distance)) ** 2 / expected
        return summed(terms.ravel())


def cross_table(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> CrossTable:
    """Count the pairs of labels on the rows where both have a value.

    Raises:
        Rejected: ``one_group`` if either has one label only, ``small_expected`` if a cell is
            expected to hold fewer rows than ``MIN_EXPECTED``.
    """
    x, y = (sheet.column(text(parameters, key)) for key in ("x", "y"))
    counts = pair_counts(x, y, rows_in(inputs[0]))
    counts = counts[counts.any(axis=1)][:, counts.any(axis=0)]
    if min(counts.shape) < 2:
        raise Rejected("one_group", "a category of one label is independent of everything")
    least = int(counts.sum(axis=1).min()) * int(counts.sum(axis=0).min()) / int(counts.sum())
    if least < MIN_EXPECTED:
        raise Rejected("small_expected", f"a cell is expected to hold {least:.2f} rows")
    return CrossTable(counts)


def _statistic(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    return cross_table(sheet, parameters, inputs).chi_square(corrected=_corrected(parameters))


def _p(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    table = cross_table(sheet, parameters, inputs)
    return probability(
        chi_square_p(table.chi_square(corrected=_corrected(parameters)), table.freedom)
    )


def _cramer(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    table = cross_table(sheet, parameters, inputs)
    smaller = min(table.counts.shape) - 1
    share = table.chi_square(corrected=False) / (table.rows * smaller)
    if share > FUNCTION:
        raise Rejected("one_to_one", "one category decides the other")
    return math.sqrt(share)


def _corrected(parameters: Parameters) -> bool:
    return text(parameters, "correction") == "yes"


def _sql(
    scope: SqlScope, parameters: Parameters, inputs: Sequence[str], formula: str, *, corrected: bool
) -> str:
    """Return SQL of a formula of chi (the statistic), n (rows), i and j (labels of either)."""
    x, y = scope.column(parameters, "x"), scope.column(parameters, "y")
    shift = "(CASE WHEN (i - 1) * (j - 1) = 1 THEN MIN(0.5, d) ELSE 0.0 END)" if corrected else "0"
    return (
        f"(WITH p AS MATERIALIZED (SELECT {x} AS x, {y} AS y, COUNT(*) AS o FROM t "
        f"WHERE ({inputs[0]}) AND {x} IS NOT NULL AND {y} IS NOT NULL GROUP BY 1, 2), "
        "s AS (SELECT SUM(o) AS n, COUNT(DISTINCT x) AS i, COUNT(DISTINCT y) AS j FROM p), "
        "l AS (SELECT x, SUM(o) AS a FROM p GROUP BY x), "
        "r AS (SELECT y, SUM(o) AS b FROM p GROUP BY y), "
        "e AS (SELECT l.x AS x, r.y AS y, a * 1.0 * b / n AS w FROM l, r, s), "
        "g AS (SELECT w, ABS(COALESCE(o, 0) - w) AS d FROM e LEFT JOIN p USING (x, y)) "
        f"SELECT {formula} FROM (SELECT SUM((d - {shift}) * (d - {shift}) / w) AS chi, "
        "MAX(n) AS n, MAX(i) AS i, MAX(j) AS j FROM g, s))"
    )


def _crosstab(parameters: Parameters, inputs: Sequence[str]) -> str:
    x, y = python(text(parameters, "x")), python(text(parameters, "y"))
    return f"pd.crosstab({inputs[0]}[{x}], {inputs[0]}[{y}])"


def _pandas(parameters: Parameters, inputs: Sequence[str], field: str) -> str:
    correction = _corrected(parameters)
    return (
        f"stats.chi2_contingency({_crosstab(parameters, inputs)}, correction={correction}).{field}"
    )


def _bindings(roles: Roles) -> Sequence[Parameters]:
    """Return each two group columns; the correction concerns tables of two by two only."""
    return [
        {"x": x.name, "y": y.name, "correction": correction}
        for x, y in combinations(roles.groups, 2)
        for correction in (("yes", "no") if len(x.distinct) == len(y.distinct) == 2 else ("no",))
    ]


_WORDS: Mapping[str, Mapping[int | float | str, str]] = {
    "correction": {"yes": "with", "no": "without"}
}

CHI_SQUARE = Operator(
    name="chi_square",
    inputs=("rows",),
    output="number",
    evaluate=_statistic,
    sql=lambda s, p, i: _sql(s, p, i, "chi", corrected=_corrected(p)),
    pandas=lambda p, i: _pandas(p, i, "statistic"),
    variable=lambda p, _i: snake("chi_square", p["x"], p["y"]),
    wordings=(
        (
            "the chi-square statistic ({correction} continuity correction) "
            "of the table of {x} by {y}[ over {0}]"
        ),
        (
            "the statistic of the chi-square test ({correction} continuity correction) "
            "on the table of {x} by {y}[ over {0}]"
        ),
    ),
    words=_WORDS,
    bindings=_bindings,
    symmetric=("x", "y"),
)
CHI_SQUARE_P = Operator(
    name="chi_square_p",
    inputs=("rows",),
    output="number",
    evaluate=_p,
    sql=lambda s, p, i: _sql(
        s, p, i, "chi_square_p(chi, (i - 1) * (j - 1))", corrected=_corrected(p)
    ),
    pandas=lambda p, i: _pandas(p, i, "pvalue"),
    variable=lambda p, _i: snake("chi_square_p", p["x"], p["y"]),
    wordings=(
        (
            "the p-value of the chi-square test ({correction} continuity correction) "
            "of the table of {x} by {y}[ over {0}]"
        ),
        (
            "the p-value of the chi-square test ({correction} continuity correction) "
            "on the table of {x} by {y}[ over {0}]"
        ),
    ),
    words=_WORDS,
    bindings=_bindings,
    symmetric=("x", "y"),
)
CRAMER_V = Operator(
    name="cramer_v",
    inputs=("rows",),
    output="number",
    evaluate=_cramer,
    sql=lambda s, p, i: _sql(s, p, i, "root(chi / (n * (MIN(i, j) - 1)))", corrected=False),
    pandas=lambda p, i: f'stats.contingency.association({_crosstab(p, i)}, method="cramer")',
    variable=lambda p, _i: snake("cramer_v", p["x"], p["y"]),
    wordings=(
        "the Cramer V (no bias correction) of {x} and {y}[ over {0}]",
        "the Cramer V (no bias correction) between {x} and {y}[ over {0}]",
    ),
    bindings=lambda roles: [{"x": x.name, "y": y.name} for x, y in combinations(roles.groups, 2)],
    symmetric=("x", "y"),
)

OPERATORS = (CHI_SQUARE, CHI_SQUARE_P, CRAMER_V)
