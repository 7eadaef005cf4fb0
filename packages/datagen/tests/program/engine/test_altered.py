"""Tables with one column changed."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.altered import (
    Altered,
    check_columns_matter,
    check_conditions_turn,
)
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.table.sheet import Sheet

BUGS = call("filter_equal", TABLE, column="kind", value="bug")
MASS = call("column", TABLE, column="mass")


@pytest.fixture
def altered(zoo: Sheet) -> Altered:
    return Altered(zoo, Interpreter(zoo))


def same(left: object, right: object) -> bool:
    return left == right


@pytest.mark.parametrize(
    "expression",
    [
        call("mean", MASS),
        call("max", MASS),
        call("argmax_group", call("group_max", TABLE, by="kind", column="mass")),
        call("groups_max", call("group_sum", TABLE, by="kind", column="mass")),
        call("top_names", TABLE, key="name", by="mass", n=3),
    ],
)
def test_a_column_that_decides_the_answer_matters(
    zoo: Sheet, altered: Altered, expression: Expression
) -> None:
    check_columns_matter(expression, Interpreter(zoo).value(expression), altered, same)


def test_a_column_that_decides_nothing_is_named(zoo: Sheet, altered: Altered) -> None:
    count = call("count", call("top_rows", TABLE, column="mass", n=3))
    with pytest.raises(Rejected, match="^insensitive: mass$"):
        check_columns_matter(count, Interpreter(zoo).value(count), altered, same)


def test_what_does_not_read_the_column_is_not_evaluated_again(zoo: Sheet) -> None:
    base = Interpreter(zoo)
    changed = Altered(zoo, base).interpreter("mass", "moved")
    assert changed.value(BUGS) is base.value(BUGS)
    assert changed.value(MASS) != base.value(MASS)


def test_a_change_after_which_there_is_no_answer_shows_nothing(zoo: Sheet) -> None:
    tied = call("mode", call("labels", BUGS, column="tame"))
    gold = Interpreter(zoo).value(tied)
    check_columns_matter(tied, gold, Altered(zoo, Interpreter(zoo)), same)


def test_numbers_grow(zoo: Sheet) -> None:
    stretched = Altered(zoo, Interpreter(zoo)).interpreter("mass", "stretched")
    assert stretched.value(call("max", MASS)) == 19
    assert stretched.sheet.column("name") == zoo.column("name")


def test_numbers_lie_below_all_that_there_were(zoo: Sheet) -> None:
    lowered = Altered(zoo, Interpreter(zoo)).interpreter("mass", "lowered")
    assert lowered.value(call("max", MASS)) == -0.5


@pytest.mark.parametrize("change", ["moved", "mirrored"])
def test_changed_columns_keep_their_values_and_kinds(zoo: Sheet, change: str) -> None:
    for column in zoo.columns:
        interpreter = Altered(zoo, Interpreter(zoo)).interpreter(column.name, change)  # type: ignore[arg-type]
        sheet = interpreter.sheet
        other = sheet.column(column.name)
        assert other.values != column.values
        assert set(other.present) <= set(column.present)
        assert [c for c in sheet.columns if c.name != column.name] == [
            c for c in zoo.columns if c.name != column.name
        ]


def test_a_condition_that_cannot_turn_is_refused(zoo: Sheet, altered: Altered) -> None:
    branches = (call("mean", MASS), call("max", MASS))
    always = call("is_above", call("std", MASS, ddof=1), limit=0)
    turning = call("is_above", call("mean", MASS), limit=5)
    check_conditions_turn(call("choose_number", turning, *branches), Interpreter(zoo), altered)
    with pytest.raises(Rejected, match="^constant_condition: is_above$"):
        check_conditions_turn(call("choose_number", always, *branches), Interpreter(zoo), altered)
