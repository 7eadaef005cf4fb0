"""What a selection implies, and decisions that are one."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.normal import Step, decision, implies, reduced


def step(op: str, value: object = None, column: str = "mass") -> Step:
    if op == "complete_rows":
        return (op, {})
    literals = {} if op == "not_null" else {"value": value}
    return (op, {"column": column, **literals})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (step("filter_greater", 5), step("filter_greater", 3)),
        (step("filter_less", 3), step("filter_less", 5)),
        (step("filter_after", "2012-02-01"), step("filter_after", "2012-01-01")),
        (step("filter_equal", 5), step("filter_greater", 3)),
        (step("filter_equal", "ox"), step("filter_not_equal", "cat")),
        (step("filter_greater", 5), step("filter_not_equal", 5)),
        (step("filter_greater", 5), step("filter_not_equal", 4)),
        (step("filter_less", 5), step("filter_not_equal", 6)),
        (step("filter_less", 5), step("not_null")),
        (step("complete_rows"), step("not_null")),
    ],
)
def test_a_stricter_selection_implies_a_looser_one(stronger: Step, weaker: Step) -> None:
    assert implies(stronger, weaker)
    assert not implies(weaker, stronger)
    assert reduced([stronger, weaker]) == reduced([weaker, stronger]) == [stronger]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (step("filter_greater", 5), step("filter_less", 9)),
        (step("filter_greater", 5), step("filter_greater", 3, column="legs")),
        (step("filter_greater", 5), step("filter_not_equal", 6)),
        (step("filter_equal", 5), step("filter_not_equal", 5)),
        (step("filter_not_equal", 5), step("filter_not_equal", 6)),
        (step("filter_equal", "5"), step("filter_greater", 3)),
        (step("complete_rows"), step("filter_greater", 3)),
    ],
)
def test_other_selections_stand(one: Step, other: Step) -> None:
    assert reduced([one, other]) == [one, other]


def test_a_selection_that_stands_twice_stands_once() -> None:
    twice = step("filter_greater", 5)
    assert reduced([twice, dict_copy(twice), step("not_null")]) == [twice]


def dict_copy(given: Step) -> Step:
    return (given[0], dict(given[1]))


def test_a_decision_has_one_form() -> None:
    one = decision("is_greater", ("a", "b"), "", ("x", "y"))
    assert decision("is_greater", ("b", "a"), "", ("y", "x")) == one
    assert decision("is_greater", ("b", "a"), "", ("x", "y")) != one
    above = decision("is_above", ("a",), ',{"limit":3}', ("x", "y"))
    assert decision("is_below", ("a",), ',{"limit":3}', ("y", "x")) == above
    assert above == ('is_above(a,{"limit":3})', ["x", "y"])
