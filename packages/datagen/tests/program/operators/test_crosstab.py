"""Two categories at a time, and choices among groups, in both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call

KIND = call("labels", TABLE, column="kind")
LEGS = call("labels", TABLE, column="legs")
FULL = call("labels", call("not_null", TABLE, column="kind"), column="kind")
NO_BEAST = call("filter_not_equal", TABLE, column="kind", value="beast")
COUNTS = call("group_count", TABLE, by="kind")
MEANS = call("group_mean", TABLE, by="kind", column="mass")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("most_common_pair", NO_BEAST, x="kind", y="legs"), ("bug", 6)),
        (call("most_common_pair", NO_BEAST, x="legs", y="kind"), (6, "bug")),
        (call("groups_mean", COUNTS), 2.5),
        (call("groups_mean", MEANS), 4.125),
        (call("groups_above", MEANS, call("groups_mean", MEANS)), 2),
        (call("groups_reaching", COUNTS, value=3), 2),
        (call("groups_reaching", COUNTS, value=2), 4),
        (call("groups_reaching", COUNTS, value=4), 0),
        (call("distinct_with_empty", KIND), 5),
        (call("distinct_with_empty", LEGS), 5),
        (call("distinct_with_empty", FULL), 4),
    ],
)
def test_values(both: Callable[[Expression], Datum], expression: Expression, value: Datum) -> None:
    assert both(expression) == value


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (call("most_common_pair", TABLE, x="kind", y="name"), "tie: .*"),
        (
            call(
                "most_common_pair",
                call("filter_equal", TABLE, column="name", value="emu"),
                x="kind",
                y="legs",
            ),
            "no_values: no row has both kind and legs",
        ),
        (
            call("groups_above", MEANS, call("groups_max", MEANS)),
            "near_threshold: (beast|fish) has 6.0, against 6.0",
        ),
    ],
)
def test_what_is_not_settled_is_refused_by_name(
    both: Callable[[Expression], Datum], expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        both(expression)


FILLED = call("fill_groups", call("group_count", NO_BEAST, by="kind"), COUNTS)
SUMS = call("group_sum", call("filter_greater", TABLE, column="mass", value=4), by="kind",
            column="mass")  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("groups_min", FILLED), 0),
        (call("groups_mean", FILLED), 7 / 4),
        (call("argmin_group", FILLED), "beast"),
        (call("groups_reaching", call("fill_groups", SUMS, COUNTS), value=0), 4),
        (call("groups_range", call("fill_groups", SUMS, COUNTS)), 14.0),
    ],
)
def test_groups_without_rows_are_filled_with_0(
    thrice: Callable[[Expression], Datum], expression: Expression, value: Datum
) -> None:
    assert thrice(expression) == value


def test_groups_that_all_have_rows_are_not_filled(both: Callable[[Expression], Datum]) -> None:
    with pytest.raises(Rejected, match="^no_empty_group: every group has rows$"):
        both(call("groups_min", call("fill_groups", COUNTS, COUNTS)))
