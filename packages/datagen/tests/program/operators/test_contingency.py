"""Chi-square tests and Cramer's V in three engines, and against scipy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

TWO = np.array([[12, 7], [6, 15]])
MORE = np.array([[12, 7, 20], [16, 25, 0]])
Engines = Callable[[Sheet], Callable[[Expression], Datum]]


def sheet_of(counts: np.ndarray) -> Sheet:
    """Rows with these counts of x (p, q) by y (u, v, w), and some with an empty cell."""
    rows = ["x,y", "p,", ",u", ",", "q,"]
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            rows.extend([f"{'pq'[i]},{'uvw'[j]}"] * int(count))
    return parse_sheet("\n".join(rows).encode(), name="t", where="t.csv")


def of(op: str, **literals: str) -> Expression:
    return call(op, TABLE, x="x", y="y", **literals)


@pytest.mark.parametrize("counts", [TWO, MORE], ids=["2x2", "2x3 with an empty cell"])
@pytest.mark.parametrize("correction", ["yes", "no"])
def test_three_engines_give_scipys_test(
    engines: Engines, counts: np.ndarray, correction: str
) -> None:
    wanted = stats.chi2_contingency(counts, correction=correction == "yes")
    value = engines(sheet_of(counts))
    found = value(of("chi_square", correction=correction))
    assert found == pytest.approx(wanted.statistic, rel=1e-9)
    found = value(of("chi_square_p", correction=correction))
    assert found == pytest.approx(wanted.pvalue, rel=1e-9)


def test_correction_matters_for_two_by_two_only(engines: Engines) -> None:
    for counts, same in ((TWO, False), (MORE, True)):
        value = engines(sheet_of(counts))
        yes, no = (value(of("chi_square", correction=c)) for c in ("yes", "no"))
        assert (yes == no) is same


@pytest.mark.parametrize("counts", [TWO, MORE])
def test_cramer_is_scipys_association(engines: Engines, counts: np.ndarray) -> None:
    wanted = stats.contingency.association(counts, method="cramer", correction=False)
    assert engines(sheet_of(counts))(of("cramer_v")) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (np.array([[30, 3], [2, 1]]), "small_expected: a cell is expected to hold 0.33 rows"),
        (np.array([[30, 30]]), "one_group"),
        (np.array([[10, 10], [10, 10]]), "degenerate_p: 1.0"),
    ],
)
def test_tables_that_say_nothing_are_refused(
    engines: Engines, counts: np.ndarray, reason: str
) -> None:
    value = engines(sheet_of(counts))
    with pytest.raises(Rejected, match=f"^{reason}"):
        value(of("chi_square_p", correction="no"))


def test_a_category_that_decides_the_other_is_refused(engines: Engines) -> None:
    with pytest.raises(Rejected, match="^one_to_one"):
        engines(sheet_of(np.array([[20, 0], [0, 20]])))(of("cramer_v"))
