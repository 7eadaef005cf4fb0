"""percent: any order of multiplying and dividing is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.family.percent import Percent, PercentParameters

Judge = Callable[..., tuple[int, str | None]]
NAME = "percent"
VALUES = {"percent": 35, "whole": 241}
CLEAN = ["241*35=8435", "8435/100=84.35"]


def test_the_answer_is_exact() -> None:
    solution = Percent().solve(PercentParameters(percent=35, whole=241))
    assert [step.text for step in solution.steps] == ["241*35=8435", "8435/100=84.35"]
    assert solution.answer == 84.35
    whole = Percent().solve(PercentParameters(percent=50, whole=300))
    assert whole.answer == 150


@pytest.mark.parametrize(
    "lines",
    [
        ["241*35=8435", "8435/100=84.35"],
        ["35 / 100 = 0.35", "0.35 \N{MULTIPLICATION SIGN} 241 = 84.35"],
        ["1. 241/100=2.41", "2. so 2.41*35=84.35"],
    ],
)
def test_any_order_that_connects_is_valid(judge: Judge, lines: list[str]) -> None:
    assert judge(NAME, VALUES, 84.35, lines, "84.35") == (2, None)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["241*35=8436", "8436/100=84.36"], "0: multiply gives 8435, not 8436"),
        (["8435/100=84.35"], "0: 8435 is neither in the question nor an earlier result"),
        (["241*35=8435"], "1: the steps end before the question is answered"),
        (["241-35=206"], "0: subtract is not a step of this family"),
        (["241*35=8435", "about 84"], "1: is not a step of percent: 'about 84'"),
        (["66+66=132", *CLEAN], "0: 66 is neither in the question nor an earlier result"),
        (["241+241=482", *CLEAN], "0: gives 482, which no later step uses"),
        ([CLEAN[0], "241+35=276", CLEAN[1]], "1: gives 276, which no later step uses"),
        ([CLEAN[0], *CLEAN], "1: repeats an earlier result, 8435"),
        (["241*1=241", *CLEAN], "0: 1 is neither in the question nor an earlier result"),
        (["241/0=0"], "0: divide cannot be applied: Fraction(1, 0)"),
    ],
)
def test_the_first_wrong_step_is_named(judge: Judge, lines: list[str], fault: str) -> None:
    assert judge(NAME, VALUES, 84.35, lines, "84.35") == (int(fault[0]), fault)


@pytest.mark.parametrize(
    ("percent", "whole", "lines"),
    [
        (50, 5000, ["5000/100=50", "50*50=2500"]),
        (66, 200, ["66+66=132"]),
    ],
)
def test_a_result_may_equal_a_number_of_the_question(
    judge: Judge, percent: int, whole: int, lines: list[str]
) -> None:
    values = {"percent": percent, "whole": whole}
    answer = lines[-1].rpartition("=")[2]
    assert judge(NAME, values, int(answer), lines, answer) == (len(lines), None)


def test_equal_products_share_a_group() -> None:
    pairs = ((20, 180), (30, 120))
    groups = {Percent().group(PercentParameters(percent=p, whole=w)) for p, w in pairs}
    assert groups == {"3600"}
