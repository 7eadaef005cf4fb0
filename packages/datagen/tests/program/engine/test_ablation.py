"""Guards against dead filters, small groups and decided columns."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.ablation import (
    check_columns,
    check_groups,
    check_needed,
    check_selections,
    live,
)
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.table.sheet import Sheet

MASS_KNOWN = call("not_null", TABLE, column="mass")
HEAVY = call("filter_greater", TABLE, column="mass", value=2)
BUGS = call("filter_equal", TABLE, column="kind", value="bug")


def mean(rows: Expression) -> Expression:
    return call("mean", call("column", rows, column="mass"))


def same(left: object, right: object) -> bool:
    return left == right


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (mean(MASS_KNOWN), "dead_filter: not_null"),
        (mean(MASS_KNOWN.using(HEAVY)), "dead_filter: not_null"),
        (mean(BUGS), "too_few_rows: filter_equal keeps 3"),
    ],
)
def test_selection_must_matter_and_leave_rows(
    zoo: Sheet, expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        check_selections(expression, Interpreter(zoo), same)


def test_selection_that_changes_the_answer_passes(zoo: Sheet) -> None:
    check_selections(mean(HEAVY), Interpreter(zoo), same)


def test_precision_decides_what_a_change_is(zoo: Sheet) -> None:
    with pytest.raises(Rejected, match="^dead_filter"):
        check_selections(mean(HEAVY), Interpreter(zoo), lambda *_: True)


def test_compared_groups_need_rows(zoo: Sheet) -> None:
    groups = call("group_mean", TABLE, by="kind", column="mass")
    with pytest.raises(Rejected, match="^small_group: beast has 3 rows$"):
        check_groups(call("argmin_group", groups), Interpreter(zoo))
    check_groups(call("groups_max", call("group_count", TABLE, by="kind")), Interpreter(zoo))


@pytest.mark.parametrize(
    "expression",
    [
        call("mode", call("labels", BUGS, column="kind")),
        call("groups_max", call("group_count", BUGS, by="kind")),
    ],
)
def test_a_column_that_a_filter_decides_is_not_asked_for(expression: Expression) -> None:
    with pytest.raises(Rejected, match="^decided_by_filter: kind$"):
        check_columns(expression)


def test_another_column_may_be_asked_for() -> None:
    check_columns(call("mode", call("labels", BUGS, column="legs")))


COUNTS = (call("count", HEAVY), call("count", MASS_KNOWN))
MORE_HEAVY = call("is_greater", *COUNTS)


def test_of_a_decision_only_the_taken_branch_is_live(zoo: Sheet) -> None:
    chosen = call("choose_number", MORE_HEAVY, mean(HEAVY), mean(MASS_KNOWN))
    parts = live(chosen, Interpreter(zoo))
    assert MASS_KNOWN in parts
    assert HEAVY not in parts
    assert MORE_HEAVY not in parts


def test_a_selection_in_the_other_branch_does_not_count_as_dead(zoo: Sheet) -> None:
    light = call("filter_less", TABLE, column="mass", value=7)
    chosen = call("choose_number", MORE_HEAVY, mean(HEAVY), mean(light))
    check_selections(chosen, Interpreter(zoo), same)
    check_needed(chosen, Interpreter(zoo), same)


def test_branches_of_one_answer_are_a_dead_decision(zoo: Sheet) -> None:
    light = call("filter_less", TABLE, column="mass", value=7)
    chosen = call("choose_number", MORE_HEAVY, mean(HEAVY), mean(light))
    with pytest.raises(Rejected, match="^dead_decision: choose_number$"):
        check_needed(chosen, Interpreter(zoo), lambda *_: True)


def test_a_dead_filter_inside_a_condition_is_found(zoo: Sheet) -> None:
    known = call("mean", call("column", MASS_KNOWN, column="mass"))
    flag = call("is_above", known, limit=3)
    light = call("filter_less", TABLE, column="mass", value=7)
    chosen = call("choose_number", flag, mean(HEAVY), mean(light))
    with pytest.raises(Rejected, match="^dead_filter: not_null$"):
        check_needed(chosen, Interpreter(zoo), same)


def test_an_operator_that_changes_nothing_is_dead(zoo: Sheet) -> None:
    none = call("count", call("filter_greater", TABLE, column="mass", value=90))
    with pytest.raises(Rejected, match="^dead_operator: difference$"):
        check_needed(call("difference", call("count", HEAVY), none), Interpreter(zoo), same)
    check_needed(call("difference", *COUNTS), Interpreter(zoo), same)
