"""Kendall's tau-b by its definition, against SciPy's."""

from __future__ import annotations

import sqlite3

import pytest
from scipy import stats

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.engine.pairwise import TauB
from tracemill_datagen.program.engine.sqlite import SqlEngine
from tracemill_datagen.program.operator import SqlScope
from tracemill_datagen.table.sheet import Sheet

Pairs = list[tuple[float, float]]


def tau_b(pairs: Pairs) -> float | None:
    aggregate = TauB()
    for x, y in pairs:
        aggregate.step(x, y)
    return aggregate.finalize()


@pytest.mark.parametrize(
    "pairs",
    [
        [(1, 2), (2, 1), (3, 3)],
        [(1, 5), (1, 6), (2, 6), (2, 6), (3, 1)],
        [(0.1 * (i * 7 % 11), i * 5 % 13) for i in range(60)],
    ],
)
def test_it_is_what_scipy_gives(pairs: Pairs) -> None:
    wanted = stats.kendalltau(*zip(*pairs, strict=True)).statistic
    assert tau_b(pairs) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("pairs", [[], [(1, 2)], [(1, 2), (1, 3)], [(1, 3), (2, 3)]])
def test_where_nothing_differs_it_is_nothing(pairs: Pairs) -> None:
    assert tau_b(pairs) is None


def test_whole_numbers_that_differ_in_the_last_place_differ() -> None:
    large = 2**60
    assert tau_b([(large, 1), (large + 1, 2), (large + 2, 3)]) == 1.0


def test_the_operator_asks_sqlite_for_it(zoo: Sheet) -> None:
    program = call("kendall_correlation", TABLE, x="mass", y="legs")
    sql = program.operator.sql(SqlScope(zoo), program.parameters, ["1"])
    assert sql.startswith("(SELECT tau_b(x, y) FROM (")
    plain = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError, match="tau_b"):
        plain.execute("SELECT tau_b(1, 2)")
    plain.close()
    with SqlEngine(zoo) as engine:
        assert isinstance(engine.value(program), float)
