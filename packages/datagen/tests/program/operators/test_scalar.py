"""Operators over two numbers, in both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call


def count(kind: str) -> Expression:
    return call("count", call("filter_equal", TABLE, column="kind", value=kind))


@pytest.mark.parametrize(
    ("op", "left", "right", "value"),
    [
        ("difference", count("bird"), count("bug"), -1),
        ("ratio", count("bug"), count("bird"), 1.5),
        ("share", count("bird"), count("bug"), 200 / 3),
    ],
)
def test_two_numbers(
    both: Callable[[Expression], Datum], op: str, left: Expression, right: Expression, value: float
) -> None:
    assert both(call(op, left, right)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("op", "left", "right", "reason"),
    [
        ("ratio", count("bug"), count("yak"), "division_by_zero"),
        ("share", count("bug"), count("bird"), "not_a_share: 3 of 2"),
    ],
)
def test_no_answer_is_refused_by_name(
    both: Callable[[Expression], Datum], op: str, left: Expression, right: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        both(call(op, left, right))
