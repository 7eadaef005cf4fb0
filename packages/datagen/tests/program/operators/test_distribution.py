"""Skewness, kurtosis and the distance to the normal in three engines, and against scipy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.sqlite import SqlEngine
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

V = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 30]
Engines = Callable[[Sheet], Callable[[Expression], Datum]]


def ks(ddof: int) -> float:
    return float(stats.kstest(V, "norm", args=(np.mean(V), np.std(V, ddof=ddof))).statistic)


def sheet_of(values: list[int]) -> Sheet:
    text = "v,w\n" + "\n".join(f"{v},a" for v in values) + "\n,b\n"
    return parse_sheet(text.encode(), name="t", where="t.csv")


@pytest.mark.parametrize(
    ("op", "literals", "wanted"),
    [
        ("skewness", {"definition": "population"}, stats.skew(V)),
        ("skewness", {"definition": "sample"}, stats.skew(V, bias=False)),
        ("kurtosis", {"definition": "population"}, stats.kurtosis(V)),
        ("kurtosis", {"definition": "sample"}, stats.kurtosis(V, bias=False)),
        ("kurtosis", {"definition": "plain"}, stats.kurtosis(V, fisher=False)),
        ("ks_normal", {"ddof": 0}, ks(0)),
        ("ks_normal", {"ddof": 1}, ks(1)),
    ],
)
def test_three_engines_give_scipys_value(
    engines: Engines, op: str, literals: dict[str, str | int], wanted: float
) -> None:
    expression = call(op, call("column", TABLE, column="v"), **literals)
    assert engines(sheet_of(V))(expression) == pytest.approx(float(wanted), rel=1e-9)


@pytest.mark.parametrize("op", ["skewness", "kurtosis", "ks_normal"])
@pytest.mark.parametrize(
    ("values", "reason"), [(V[:9], "too_few_rows: the shape of 9 values"), ([4] * 12, "constant")]
)
def test_shapes_of_nothing_are_refused(
    engines: Engines, op: str, values: list[int], reason: str
) -> None:
    literals = {"ddof": 1} if op == "ks_normal" else {"definition": "sample"}
    expression = call(op, call("column", TABLE, column="v"), **literals)
    with pytest.raises(Rejected, match=f"^{reason}"):
        engines(sheet_of(values))(expression)


def test_sql_of_a_constant_has_no_value() -> None:
    """The second engine would not invent a shape if the first let a constant through."""
    expression = call("skewness", call("column", TABLE, column="v"), definition="sample")
    with SqlEngine(sheet_of([4] * 12)) as sql, pytest.raises(Rejected, match="^no_value"):
        sql.value(expression)
