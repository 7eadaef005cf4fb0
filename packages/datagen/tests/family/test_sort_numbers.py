"""sort_numbers: select the smallest, take it away, and again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.family.sort_numbers import SortNumbers, SortNumbersParameters

Judge = Callable[..., tuple[int, str | None]]
NAME = "sort_numbers"
VALUES = {"numbers": [42, 5, 17]}
LINES = ["min 42,5,17=5", "42,5,17 without 5=42,17", "min 42,17=17", "42,17 without 17=42"]


def test_numbers_are_selected_one_by_one() -> None:
    solution = SortNumbers().solve(SortNumbersParameters(numbers=(42, 5, 17)))
    assert [step.text for step in solution.steps] == LINES
    assert solution.answer == [5, 17, 42]


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        ["minimum of (17, 42, 5) is 5", "17,42,5 without 5 = 17,42", "smallest: [17,42] = 17",
         "17,42 minus 17 = 42", "min 42 = 42", "42 without 42 ="],
    ],
)  # fmt: skip
def test_other_words_and_another_order_of_the_rest_are_valid(
    judge: Judge, lines: list[str]
) -> None:
    assert judge(NAME, VALUES, [5, 17, 42], lines, "[5, 17, 42]") == (len(lines), None)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["min 42,5,17=17"], "0: minimum gives 5, not 17"),
        (["min 42,17=17"], "0: looks at [42,17], but [42,5,17] is left"),
        ([LINES[1]], "0: takes 5 away, which was not selected"),
        ([LINES[0], LINES[0]], "1: selects again before 5 is taken away"),
        ([LINES[0], "42,5,17 without 5=17,42"], "1: remove gives [42, 17], not [17, 42]"),
        ([LINES[0], "42,5,17 without 42=5,17"], "1: takes 42 away, which was not selected"),
        ([LINES[0], LINES[2]], "1: looks at [42,17], but [42,5,17] is left"),
        (LINES[:3], "3: the steps end before the question is answered"),
        (["5 is small"], "0: is not a step of sort_numbers: '5 is small'"),
    ],
)
def test_the_first_wrong_step_is_named(judge: Judge, lines: list[str], fault: str) -> None:
    assert judge(NAME, VALUES, [5, 17, 42], lines, "5,17,42") == (int(fault[0]), fault)


def test_a_group_is_the_numbers_in_any_order() -> None:
    orders = ((3, 1, 2), (2, 3, 1))
    assert {SortNumbers().group(SortNumbersParameters(numbers=n)) for n in orders} == {"1,2,3"}
