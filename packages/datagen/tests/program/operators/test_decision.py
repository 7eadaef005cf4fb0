"""Decisions, in three engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.operators.decision import CHOICES, OPERATORS
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.sheet import Sheet

Engine = Callable[[Expression], Datum]


def rows(kind: str) -> Expression:
    return call("filter_equal", TABLE, column="kind", value=kind)


def mass(of: Expression) -> Expression:
    return call("column", of, column="mass")


def mean(of: Expression) -> Expression:
    return call("mean", mass(of))


BUG, BEAST = rows("bug"), rows("beast")
BEASTS_HEAVIER = call("is_greater", mean(BEAST), mean(BUG))
BUGS_HEAVIER = call("is_greater", mean(BUG), mean(BEAST))
FEW = call("is_above", call("count", BUG), limit=10)
MANY = call("is_below", call("count", BUG), limit=10)
SUMS = call("group_sum", TABLE, by="kind", column="mass")
SMALLEST = call("group_min", TABLE, by="kind", column="mass")
HEAVIEST = call("argmax_group", SUMS)
LIGHTEST = call("argmin_group", SUMS)
SAME = call("is_same", LIGHTEST, call("argmin_group", SMALLEST))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("choose_number", BEASTS_HEAVIER, mean(BUG), mean(BEAST)), 1.5),
        (call("choose_number", BUGS_HEAVIER, mean(BUG), mean(BEAST)), 6.0),
        (call("choose_number", FEW, call("count", BUG), call("count", TABLE)), 11),
        (call("choose_number", MANY, call("count", BUG), call("count", TABLE)), 3),
        (call("choose_label", BEASTS_HEAVIER, LIGHTEST, HEAVIEST), "bird"),
        (call("choose_label", BUGS_HEAVIER, LIGHTEST, HEAVIEST), "beast"),
        (call("count", call("choose_rows", FEW, BUG, TABLE)), 11),
        (mean(call("choose_rows", MANY, BUG, BEAST)), 1.5),
        (
            call(
                "count",
                call(
                    "filter_equal",
                    call("choose_rows", MANY, BUG, BEAST),
                    column="tame",
                    value="True",
                ),
            ),
            2,
        ),
        (call("sum", call("choose_numbers", FEW, mass(BUG), mass(BEAST))), 18.0),
        (call("sum", call("choose_numbers", MANY, mass(BUG), mass(BEAST))), 4.5),
        (call("argmax_group", call("choose_groups", SAME, SUMS, SMALLEST)), "fish"),
        (
            call("argmax_group", call("choose_groups", BEASTS_HEAVIER, SUMS, SMALLEST)),
            "beast",
        ),
    ],
)
def test_condition_selects_the_branch(thrice: Engine, expression: Expression, value: Datum) -> None:
    assert thrice(expression) == value


@pytest.mark.parametrize(
    ("expression", "flag"),
    [(BEASTS_HEAVIER, True), (BUGS_HEAVIER, False), (FEW, False), (MANY, True), (SAME, False)],
)
def test_flag_is_true_or_false(zoo: Sheet, expression: Expression, *, flag: bool) -> None:
    assert Interpreter(zoo).value(expression) is flag


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (
            call("is_greater", call("count", BUG), call("count", BEAST)),
            "tie: 3 and 3 are too close to tell which is greater",
        ),
        (call("is_above", call("count", BUG), limit=3), "tie: 3 is too close to 3"),
        (
            call("choose_rows", FEW, BUG, call("filter_less", TABLE, column="mass", value=2.9)),
            "same_branches: both branches are the same rows",
        ),
        (
            call("choose_number", FEW, call("count", BUG), call("count", BEAST)),
            "same_branches: both branches are the same number",
        ),
        (call("choose_number", FEW, mean(BUG), mean(rows("yak"))), "no_values: mean"),
    ],
)
def test_decision_by_chance_or_without_branches_is_refused(
    zoo: Sheet, expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        Interpreter(zoo).value(expression)


def test_choices_are_named_and_read_a_flag_and_two_alike() -> None:
    chosen = {operator.name: operator for operator in OPERATORS if operator.inputs[0] == "flag"}
    assert chosen.keys() == CHOICES
    for operator in chosen.values():
        assert operator.inputs == ("flag", operator.output, operator.output)


def test_phrase_says_both_branches_and_the_condition() -> None:
    assert phrase_of(call("choose_number", MANY, call("count", BUG), call("count", TABLE))) == (
        '(the number of rows where kind is "bug") if ((the number of rows where kind is '
        '"bug") is less than 10), otherwise (the number of rows)'
    )
