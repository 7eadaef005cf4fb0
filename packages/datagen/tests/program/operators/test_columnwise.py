"""Numbers of columns, compared as groups are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call

Thrice = Callable[[Expression], Datum]


def largest(column: str) -> Expression:
    return call("named", call("max", call("column", TABLE, column=column)), x=column)


BOTH = call("joined", largest("mass"), largest("legs"))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("argmax_group", BOTH), "mass"),
        (call("argmin_group", BOTH), "legs"),
        (call("groups_max", BOTH), 9.0),
        (call("absolute", call("difference", call("count", TABLE), call("count", TABLE))), 0),
    ],
)
def test_columns_are_compared_by_name(thrice: Thrice, expression: Expression, value: Datum) -> None:
    assert thrice(expression) == value


def test_a_pair_is_named_the_same_in_either_order(thrice: Thrice) -> None:
    one, other = (
        call("named_pair", call("count", TABLE), x=x, y=y)
        for x, y in (("mass", "legs"), ("legs", "mass"))
    )
    assert one.canonical == other.canonical
    assert thrice(call("argmax_group", call("joined", largest("mass"), one))) == "legs and mass"
    assert thrice(call("argmax_group", call("joined", largest("mass"), other))) == "legs and mass"


def test_a_column_is_joined_once(thrice: Thrice) -> None:
    with pytest.raises(Rejected, match="^same_label: mass is on both sides$"):
        thrice(call("groups_max", call("joined", largest("mass"), BOTH)))


def test_absolute_value_has_no_sign(thrice: Thrice) -> None:
    small, large = (call(op, call("column", TABLE, column="mass")) for op in ("min", "max"))
    assert thrice(call("absolute", call("difference", small, large))) == 8.5
