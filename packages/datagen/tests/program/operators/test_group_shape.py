"""Spread, variety and shares of groups, in three engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Groups
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.table.sheet import Sheet

Engine = Callable[[Expression], Datum]

LARGE = call("filter_in", TABLE, column="kind", first="bug", second="beast")
SUMS = call("group_sum", TABLE, by="kind", column="mass")
"""beast 18, bird 3, bug 4.5, fish 12."""


def std(rows: Expression, ddof: int) -> Expression:
    return call("group_std", rows, by="kind", column="mass", ddof=ddof)


NAMES = call("group_distinct", TABLE, by="kind", column="name")
SHARES = call("group_share", TABLE, by="legs")


@pytest.mark.parametrize(
    ("expression", "groups"),
    [
        (std(LARGE, 1), {"beast": 2.0, "bug": 1.0}),
        (NAMES, {"beast": 3, "bird": 2, "bug": 3, "fish": 2}),
        (SHARES, {0: 10.0, 2: 30.0, 4: 30.0, 6: 30.0}),
    ],
)
def test_groups(zoo: Sheet, expression: Expression, groups: dict[str | int, float]) -> None:
    assert Interpreter(zoo).value(expression) == Groups(groups)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("argmax_group", std(LARGE, 0)), "beast"),
        (call("groups_min", std(LARGE, 0)), (2 / 3) ** 0.5),
        (call("groups_max", std(LARGE, 1)), 2.0),
        (call("groups_max", NAMES), 3),
        (call("groups_min", SHARES), 10.0),
        (call("argmin_group", SHARES), 0),
        (call("top_share", SUMS, n=2), 80.0),
        (call("top_share", SUMS, n=1), 48.0),
        (call("second_group", SUMS), "fish"),
    ],
)
def test_three_engines_agree(thrice: Engine, expression: Expression, value: Datum) -> None:
    assert thrice(expression) == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (std(TABLE, 1), "small_group: bird has 1 values"),
        (
            std(call("filter_equal", TABLE, column="kind", value="bug"), 1),
            "one_group: nothing to compare",
        ),
        (call("top_share", SUMS, n=5), "too_few_groups: 4 groups, asked for 5"),
        (call("top_share", NAMES, n=1), "tie: groups 1 and 2 are equal"),
        (call("second_group", NAMES), "tie: among beast, bug and bird"),
        (call("second_group", std(LARGE, 1)), "too_few_groups: 2 groups, wanted 3"),
    ],
)
def test_no_answer_is_refused_by_name(zoo: Sheet, expression: Expression, reason: str) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(zoo).value(expression)
