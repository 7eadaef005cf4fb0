"""Correlations, in both engines and against numpy and scipy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.relation import pearson, ranks
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.reader import parse_sheet

X = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]
Y = [2.5, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5]
SPEARMAN = 0.11553024151667363
"""scipy.stats.spearmanr(X, Y) of scipy 1.17.1; importing it here would cost a second."""


def test_ties_share_their_mean_rank() -> None:
    assert ranks([10, 20, 10, 30]).tolist() == [1.5, 3.0, 1.5, 4.0]


@pytest.mark.parametrize(
    ("op", "wanted"),
    [
        ("correlation", float(np.corrcoef(X, Y)[0, 1])),
        ("rank_correlation", SPEARMAN),
    ],
)
def test_both_engines_give_the_known_coefficient(op: str, wanted: float) -> None:
    rows = "\n".join(f"{x},{y}" for x, y in zip(X, Y, strict=True))
    sheet = parse_sheet(f"x,y\n{rows}\n,3\n4,\n".encode(), name="t", where="t.csv")
    with Bench(sheet) as bench:
        assert bench.confirmed(call(op, TABLE, x="x", y="y"), 6) == pytest.approx(wanted, abs=1e-6)


def test_few_pairs_are_refused(both: Callable[[Expression], Datum]) -> None:
    with pytest.raises(Rejected, match="^too_few_rows: 9 pairs$"):
        both(call("correlation", TABLE, x="mass", y="legs"))


def test_a_constant_has_no_correlation() -> None:
    with pytest.raises(Rejected, match="^constant_column"):
        pearson([1, 1, 1], [1, 2, 3])
