"""Two quantities on the same rows: the least-squares line, covariance, Kendall's tau, p of r.

A row counts where both columns have a value. Formulas: the line by the normal equations; tau-b by
W. R. Knight, J. Am. Stat. Assoc. 61 (1966) 436; p of Pearson's r by Student's t with n - 2 degrees
of freedom, two-sided.
"""

# ruff: noqa: S608 - the SQL is made of column positions, fixed text and bound parameters only
from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.binding import pairs
from tracemill_datagen.program.datum import Datum, Number
from tracemill_datagen.program.operator import (
    Bindings,
    Operator,
    Parameters,
    SqlScope,
    integer,
    number,
    text,
)
from tracemill_datagen.program.operators.relation import complete_pairs, sql_pairs
from tracemill_datagen.program.operators.sample import probability
from tracemill_datagen.program.operators.tail import student_p
from tracemill_datagen.program.vector import Values, average, deviations, dot, listed
from tracemill_datagen.program.words import python, snake
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet

MAX_RANKED = 500
"""Most pairs for Kendall's tau: the second engine compares each row with each other."""

PERFECT = 1 - 1e-9
"""From this R squared on one column is a linear function of the other, up to rounding."""


@dataclass(frozen=True, slots=True)
class Products:
    """Size, means and sums of squared and crossed deviations of pairs."""

    size: int
    mean_x: float
    mean_y: float
    xx: float
    yy: float
    xy: float

    @property
    def determination(self) -> float:
        """R squared of the line."""
        return self.xy**2 / (self.xx * self.yy)


def products_of(x: Values, y: Values) -> Products:
    """Return the sums that lines and covariances are made of (two passes).

    Raises:
        Rejected: ``constant_column`` if either does not vary, ``not_finite`` if squares overflow.
    """
    a, b = deviations(x), deviations(y)
    xx, yy, xy = dot(a, a), dot(b, b), dot(a, b)
    if xx * yy == 0:
        raise Rejected("constant_column", "a line through a constant")
    if not math.isfinite(xx * yy):
        raise Rejected("not_finite", "squares of deviations")
    return Products(len(a), average(x), average(y), xx, yy, xy)


def _intercept(parts: Products, _: Parameters) -> float:
    return parts.mean_y - parts.xy / parts.xx * parts.mean_x


def _prediction(parts: Products, parameters: Parameters) -> float:
    shift = number(parameters, "at") - parts.mean_x
    return parts.mean_y + parts.xy / parts.xx * shift


def _p(parts: Products, _: Parameters) -> float:
    squared = parts.determination
    if squared > PERFECT:
        raise Rejected("linear_function", "the columns differ by scale only")
    t = math.sqrt(squared * (parts.size - 2) / (1 - squared))
    return probability(student_p(t, parts.size - 2))


def _sql_products(
    scope: SqlScope, parameters: Parameters, inputs: Sequence[str], formula: str
) -> str:
    """Return SQL of a formula of n, mx, my, xx, yy and xy."""
    return (
        f"(WITH p AS MATERIALIZED ({sql_pairs(scope, parameters, inputs)}), "
        "m AS (SELECT COUNT(*) AS n, AVG(x) AS mx, AVG(y) AS my FROM p) "
        f"SELECT {formula} FROM (SELECT MAX(n) AS n, MAX(mx) AS mx, MAX(my) AS my, "
        "SUM((x - mx) * (x - mx)) AS xx, SUM((y - my) * (y - my)) AS yy, "
        "SUM((x - mx) * (y - my)) AS xy FROM p, m))"
    )


def _columns(parameters: Parameters, rows: str) -> tuple[str, str]:
    return (
        f"{rows}[{python(text(parameters, 'x'))}]",
        f"{rows}[{python(text(parameters, 'y'))}]",
    )


def _fitted(function: str, parameters: Parameters, rows: str) -> str:
    """Return a call of scipy.stats on the complete pairs of two columns."""
    names = f"{python(text(parameters, 'x'))}, {python(text(parameters, 'y'))}"
    return f"stats.{function}(*{rows}[[{names}]].dropna().astype(float).T.to_numpy())"


def _ordered(roles: Roles) -> Sequence[Parameters]:
    """Return each quantity as ``x`` with each other one as ``y``: a line has a direction."""
    return [{"x": x.name, "y": y.name} for x, y in permutations(roles.measures, 2)]


def _of_pairs(
    name: str,
    wordings: tuple[str, ...],
    compute: Callable[[Products, Parameters], float],
    formula: Callable[[SqlScope, Parameters], str],
    pandas: Callable[[Parameters, str], str],
    *,
    bindings: Bindings = pairs,
    symmetric: tuple[str, ...] = (),
) -> Operator:
    def evaluate(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
        return compute(products_of(*complete_pairs(sheet, parameters, inputs)), parameters)

    return Operator(
        name=name,
        inputs=("rows",),
        output="number",
        evaluate=evaluate,
        sql=lambda s, p, i: _sql_products(s, p, i, formula(s, p)),
        pandas=lambda p, i: pandas(p, i[0]),
        variable=lambda p, _i: snake(name, p["x"], p["y"]),
        wordings=wordings,
        bindings=bindings,
        symmetric=symmetric,
    )


SLOPE = _of_pairs(
    "slope",
    (
        "the slope of the least-squares line of {y} on {x}[ over {0}]",
        "the slope of the least-squares line that predicts {y} from {x}[ over {0}]",
    ),
    lambda parts, _: parts.xy / parts.xx,
    lambda _s, _p: "xy / xx",
    lambda p, rows: f"{_fitted('linregress', p, rows)}.slope",
    bindings=_ordered,
)
INTERCEPT = _of_pairs(
    "intercept",
    (
        "the intercept of the least-squares line of {y} on {x}[ over {0}]",
        "the intercept of the least-squares line that predicts {y} from {x}[ over {0}]",
    ),
    _intercept,
    lambda _s, _p: "my - xy / xx * mx",
    lambda p, rows: f"{_fitted('linregress', p, rows)}.intercept",
    bindings=_ordered,
)
PREDICTION = _of_pairs(
    "prediction",
    (
        "the {y} that the least-squares line of {y} on {x} gives at {x} = {at}[ over {0}]",
        "the value of {y} that the least-squares line on {x} predicts at {x} = {at}[ over {0}]",
    ),
    _prediction,
    lambda s, p: f"my + xy / xx * ({s.literal(number(p, 'at'))} - mx)",
    lambda p, rows: (
        f"(lambda line: line.intercept + line.slope * {python(number(p, 'at'))})"
        f"({_fitted('linregress', p, rows)})"
    ),
    bindings=lambda _roles: [],
)
R_SQUARED = _of_pairs(
    "r_squared",
    (
        "the R squared of the least-squares line of {y} on {x}[ over {0}]",
        "the R squared of the linear regression of {y} on {x}[ over {0}]",
    ),
    lambda parts, _: parts.determination,
    lambda _s, _p: "xy * xy / (xx * yy)",
    lambda p, rows: "{}.corr({}) ** 2".format(*_columns(p, rows)),
    symmetric=("x", "y"),
)
COVARIANCE = _of_pairs(
    "covariance",
    (
        "the covariance (ddof = {ddof}) of {x} and {y}[ over {0}]",
        "the covariance (ddof = {ddof}) between {x} and {y}[ over {0}]",
    ),
    lambda parts, p: parts.xy / (parts.size - integer(p, "ddof")),
    lambda s, p: f"xy / (n - {s.literal(integer(p, 'ddof'))})",
    lambda p, rows: "{}.cov({}, ddof={})".format(*_columns(p, rows), integer(p, "ddof")),
    bindings=lambda roles: [{**each, "ddof": ddof} for each in pairs(roles) for ddof in (0, 1)],
    symmetric=("x", "y"),
)
CORRELATION_P = _of_pairs(
    "correlation_p",
    (
        "the two-sided p-value of the Pearson correlation of {x} and {y}[ over {0}]",
        "the two-sided p-value of the Pearson correlation between {x} and {y}[ over {0}]",
    ),
    _p,
    lambda _s, _p: "student_p(xy / root(xx * yy - xy * xy) * root(n - 2), n - 2)",
    lambda p, rows: f"{_fitted('pearsonr', p, rows)}.pvalue",
    symmetric=("x", "y"),
)


def kendall(x: Values, y: Values) -> float:
    """Return Kendall's tau-b: concordant minus discordant pairs over those not tied.

    Raises:
        Rejected: ``constant_column`` if either side does not vary.
    """
    found = sorted(zip(listed(x), listed(y), strict=True))
    n = len(found)
    whole = n * (n - 1) // 2
    tied_x, tied_y = (_tied(values) for values in zip(*found, strict=True))
    if whole in (tied_x, tied_y):
        raise Rejected("constant_column", "correlation with a constant")
    discordant = _inversions([value for _, value in found])
    concordant = whole - tied_x - tied_y + _tied(found) - discordant
    return (concordant - discordant) / math.sqrt((whole - tied_x) * (whole - tied_y))


def _tied(values: Iterable[Hashable]) -> int:
    """Count the pairs of equal values."""
    return sum(count * (count - 1) // 2 for count in Counter(values).values())


def _inversions(values: Sequence[Number]) -> int:
    """Count the pairs of which the later is smaller: each is put into a sorted list in its turn."""
    before: list[Number] = []
    count = 0
    for value in values:
        place = bisect_right(before, value)
        count += len(before) - place
        before.insert(place, value)
    return count


def _kendall(sheet: Sheet, parameters: Parameters, inputs: Sequence[Datum]) -> Datum:
    x, y = complete_pairs(sheet, parameters, inputs)
    if len(x) > MAX_RANKED:
        raise Rejected("too_many_rows", f"{len(x)} pairs, at most {MAX_RANKED}")
    return kendall(x, y)


def _sql_kendall(scope: SqlScope, parameters: Parameters, inputs: Sequence[str]) -> str:
    return f"(SELECT tau_b(x, y) FROM ({sql_pairs(scope, parameters, inputs)}))"


KENDALL = Operator(
    name="kendall_correlation",
    inputs=("rows",),
    output="number",
    evaluate=_kendall,
    sql=_sql_kendall,
    pandas=lambda p, i: f"{_fitted('kendalltau', p, i[0])}.statistic",
    variable=lambda p, _i: snake("kendall", p["x"], p["y"]),
    wordings=(
        "the Kendall rank correlation (tau-b) between {x} and {y}[ over {0}]",
        "the Kendall rank correlation (tau-b) of {x} and {y}[ over {0}]",
    ),
    bindings=pairs,
    symmetric=("x", "y"),
)

OPERATORS = (SLOPE, INTERCEPT, PREDICTION, R_SQUARED, COVARIANCE, CORRELATION_P, KENDALL)
