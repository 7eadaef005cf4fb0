"""Lines, covariances and Kendall's tau in three engines, and against scipy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.regression import MAX_RANKED, kendall
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

X = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]
Y = [2.5, 7, 1, 8, 2, 8.25, 1, 8, 2, 8, 4, 5]
LINE = stats.linregress(X, Y)
Engines = Callable[[Sheet], Callable[[Expression], Datum]]


@pytest.fixture
def sheet() -> Sheet:
    """The pairs above, one row without x and one without y."""
    rows = "\n".join(f"{x},{y}" for x, y in zip(X, Y, strict=True))
    return parse_sheet(f"x,y\n{rows}\n,3.5\n4,\n".encode(), name="t", where="t.csv")


@pytest.mark.parametrize(
    ("op", "literals", "wanted"),
    [
        ("slope", {}, LINE.slope),
        ("intercept", {}, LINE.intercept),
        ("prediction", {"at": 4.5}, LINE.intercept + 4.5 * LINE.slope),
        ("r_squared", {}, LINE.rvalue**2),
        ("covariance", {"ddof": 1}, np.cov(X, Y, ddof=1)[0, 1]),
        ("covariance", {"ddof": 0}, np.cov(X, Y, ddof=0)[0, 1]),
        ("correlation_p", {}, LINE.pvalue),
        ("kendall_correlation", {}, stats.kendalltau(X, Y).statistic),
    ],
)
def test_three_engines_give_scipys_value(
    engines: Engines, sheet: Sheet, op: str, literals: dict[str, float], wanted: float
) -> None:
    expression = call(op, TABLE, x="x", y="y", **literals)
    assert engines(sheet)(expression) == pytest.approx(float(wanted), rel=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_tau_counts_ties_as_scipy_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 6, size=(2, 40))
    wanted = stats.kendalltau(x, y).statistic
    assert kendall(x, y) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("op", "rows", "reason"),
    [
        ("slope", [(n, n * n) for n in range(9)], "too_few_rows: 9 pairs"),
        ("r_squared", [(3, n) for n in range(12)], "constant_column"),
        ("kendall_correlation", [(n, 3) for n in range(12)], "constant_column"),
        ("correlation_p", [(n, 3 * n + 1) for n in range(12)], "linear_function"),
        (
            "kendall_correlation",
            [(n, n % 7) for n in range(MAX_RANKED + 1)],
            f"too_many_rows: {MAX_RANKED + 1} pairs, at most {MAX_RANKED}",
        ),
    ],
)
def test_pairs_that_say_nothing_are_refused(
    engines: Engines, op: str, rows: list[tuple[int, int]], reason: str
) -> None:
    text = "x,y\n" + "\n".join(f"{x},{y}" for x, y in rows)
    sheet = parse_sheet(text.encode(), name="t", where="t.csv")
    with pytest.raises(Rejected, match=f"^{reason}"):
        engines(sheet)(call(op, TABLE, x="x", y="y"))
