"""Aggregates of one column, in both engines and against numpy's documented results."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.aggregate import METHODS, quantile, spread

MASS = call("column", TABLE, column="mass")
LEGS = call("column", TABLE, column="legs")
KIND = call("labels", TABLE, column="kind")
NONE = call("column", call("filter_equal", TABLE, column="name", value="jay"), column="mass")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("count", TABLE), 11),
        (call("mean", MASS), 4.65),
        (call("sum", MASS), 46.5),
        (call("sum", LEGS), 36),
        (call("min", MASS), 0.5),
        (call("max", LEGS), 6),
        (call("median", MASS), 4.5),
        (call("median", LEGS), 4.0),
        (call("std", MASS, ddof=1), 2.8387203689925737),
        (call("std", MASS, ddof=0), 2.6930466018990464),
        (call("quantile", MASS, q=0.25, method="linear"), 2.625),
        (call("quantile", MASS, q=0.25, method="lower"), 2.5),
        (call("quantile", MASS, q=0.25, method="higher"), 3.0),
        (call("quantile", MASS, q=0.25, method="midpoint"), 2.75),
        (call("distinct_count", KIND), 4),
    ],
)
def test_aggregate(
    both: Callable[[Expression], Datum], expression: Expression, value: Datum
) -> None:
    found = both(expression)
    assert found == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value)
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (call("mode", KIND), "tie: bug and beast are equally frequent"),
        (call("mean", NONE), "no_values: mean"),
        (call("std", NONE, ddof=1), "too_few_rows: standard deviation of fewer than 3 values"),
        (
            call("quantile", NONE, q=0.5, method="linear"),
            "too_few_rows: quantile of fewer than 5 values",
        ),
    ],
)
def test_aggregate_without_an_answer_is_refused_by_name(
    both: Callable[[Expression], Datum], expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        both(expression)


def test_mode_that_is_unique(both: Callable[[Expression], Datum]) -> None:
    rows = call("filter_not_equal", TABLE, column="kind", value="beast")
    assert both(call("mode", call("labels", rows, column="kind"))) == "bug"


@pytest.mark.parametrize("q", [0.0, 0.1, 0.25, 0.3, 0.75, 0.9, 1.0])
@pytest.mark.parametrize("count", [5, 7, 11])
@pytest.mark.parametrize("method", METHODS)
def test_quantile_is_numpys(method: str, count: int, q: float) -> None:
    values = [float((n * 37) % 101) for n in range(count)]
    wanted = np.quantile(values, q, method=method)  # type: ignore[call-overload]  # a name of numpy's
    assert quantile(values, q, method) == pytest.approx(wanted)


@pytest.mark.parametrize("ddof", [0, 1])
def test_standard_deviation_keeps_digits_far_from_zero(ddof: int) -> None:
    values = [1e9 + n for n in (4, 7, 13, 16)]
    assert spread(values, ddof) == pytest.approx(np.std([4, 7, 13, 16], ddof=ddof), rel=1e-12)
