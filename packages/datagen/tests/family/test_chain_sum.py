"""chain_sum: columns with carries, running totals, and every way to break them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.family.chain_sum import ChainSum, ChainSumParameters

Judge = Callable[..., tuple[int, str | None]]
NAME = "chain_sum"
VALUES = {"terms": [47, 85, 36]}
LINES = ["7+5+6=18", "18 mod 10=8", "18 div 10=1", "1+4+8+3=16", "16|8=168"]


def test_digits_and_carries_are_shown() -> None:
    solution = ChainSum().solve(ChainSumParameters(terms=(47, 85, 36)))
    assert [step.text for step in solution.steps] == LINES
    assert solution.answer == 168
    longer = ChainSum().solve(ChainSumParameters(terms=(9_999, 9_999)))
    assert longer.steps[-1].text == "19|9|9|8=19998"


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        ["6 + 5 + 7 = 18", "18 // 10 = 1", "18 % 10 = 8", "4+8+3+1=16", "16|8=168"],
        [*LINES[:4], "16 mod 10=6", "16 div 10=1", "1|6|8=168"],
        ["47+85=132", "132+36=168"],
        ["47+85+36=168"],
        ["36+85=121", "47+121=168"],
    ],
)
def test_columns_and_running_totals_are_both_valid(judge: Judge, lines: list[str]) -> None:
    assert judge(NAME, VALUES, 168, lines, "168") == (len(lines), None)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["7+5+6=17"], "0: add gives 18, not 17"),
        (["7+5=12"], "0: does not add the next column, 0+7+5+6"),
        ([LINES[0], LINES[3]], "1: leaves out the digit of the column before, 18 mod 10"),
        ([*LINES[:2], LINES[3]], "2: leaves out the carry of the column before, 18 div 10"),
        ([*LINES[:3], "4+8+3=15"], "3: does not add the next column, 1+4+8+3"),
        ([*LINES[:2], LINES[1]], "2: splits 18 for the second time"),
        (["18 mod 10=8"], "0: splits 18, but the column's sum is None"),
        ([*LINES[:3], "16|8=168"], "3: joins the digits before the last column is added"),
        ([*LINES[:4], "1|8=18"], "4: does not join the digits 16|8"),
        ([*LINES[:4], "1+1=2"], "4: comes after the last column"),
        (["47+85=132", *LINES], "0: gives 132, which no later step uses"),
        ([*LINES[:4], "16 mod 10=6", LINES[4]], "4: gives 6, which no later step uses"),
        (LINES[:4], "4: the steps end before the question is answered"),
        (["47+36=83"], "1: the steps end before the question is answered"),
        (["47+47=94"], "0: does not add the next column, 0+7+5+6"),
    ],
)
def test_the_first_wrong_step_is_named(judge: Judge, lines: list[str], fault: str) -> None:
    assert judge(NAME, VALUES, 168, lines, "168") == (int(fault[0]), fault)


def test_a_group_is_the_numbers_in_any_order() -> None:
    groups = {ChainSum().group(ChainSumParameters(terms=t)) for t in ((47, 85), (85, 47))}
    assert groups == {"47+85"}
