"""unit_cost: through the price of one, or through the cost of all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.unit_cost import UnitCost, UnitCostParameters

Judge = Callable[..., tuple[int, str | None]]
NAME = "unit_cost"
CLEAN = ["5.25/7=0.75", "0.75*4=3"]
VALUES = {"bought": 7, "cost": 5.25, "wanted": 4}


def test_steps_go_through_the_price_of_one() -> None:
    parameters = UnitCostParameters(bought=7, cost=5.25, wanted=4)
    solution = UnitCost().solve(parameters)
    assert [step.text for step in solution.steps] == ["5.25/7=0.75", "0.75*4=3"]
    assert UnitCost().wordings(parameters)[0] == "7 pens cost 5.25. What do 4 pens cost?"


@pytest.mark.parametrize(
    "lines",
    [["5.25/7=0.75", "0.75*4=3"], ["5.25*4=21", "21/7=3"], ["$5.25 / 7 = $0.75", "0.75*4=3"]],
)
def test_both_ways_are_valid(judge: Judge, lines: list[str]) -> None:
    assert judge(NAME, VALUES, 3, lines, "3.00") == (2, None)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["5.25/7=0.76", "0.76*4=3.04"], "0: divide gives 0.75, not 0.76"),
        (["0.75*4=3"], "0: 0.75 is neither in the question nor an earlier result"),
        (["5.25/7=0.75"], "1: the steps end before the question is answered"),
        (["5.25*7=36.75", *CLEAN], "0: gives 36.75, which no later step uses"),
        ([CLEAN[0], *CLEAN], "1: repeats an earlier result, 0.75"),
        (["5.25+7=12.25"], "0: add is not a step of this family"),
    ],
)
def test_the_first_wrong_step_is_named(judge: Judge, lines: list[str], fault: str) -> None:
    assert judge(NAME, VALUES, 3, lines, "3") == (int(fault[0]), fault)


def test_no_price_is_whole_and_counts_differ_so_that_each_step_is_needed() -> None:
    for index in range(300):
        drawn = UnitCost().draw(Draws(seed=0, family=NAME, stream="t", index=index))
        assert round(drawn.cost * 100) // drawn.bought % 100
        assert drawn.bought != drawn.wanted
