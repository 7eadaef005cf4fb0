"""modular_chain: the short text, other ways to write it, and every way to break it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.family.modular_chain import ModularChain, ModularChainParameters
from tracemill_schema.claim import Claim

Judge = Callable[..., tuple[int, str | None]]
NAME = "modular_chain"
VALUES = {"operands": [3, 4, 7, 2, 9, 3, 1], "signs": ["+", "*", "-", "+", "*", "-"]}
LINES = ["3+4=7", "7*7=9", "9-2=7", "7+9=6", "6*3=8", "8-1=7"]


def parameters() -> ModularChainParameters:
    return ModularChainParameters.from_values(VALUES, where="test")


def test_the_text_is_the_short_one_that_the_demo_trains_on() -> None:
    family = ModularChain()
    assert family.wordings(parameters()) == ("3+4*7-2+9*3-1 mod 10, left to right",)
    solution = family.solve(parameters())
    assert [step.text for step in solution.steps] == LINES
    assert solution.answer == 7
    assert family.space == 9**7 * 3**6


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        [
            "(3 + 4) mod 10 = 7",
            "7 \N{MULTIPLICATION SIGN} 7 = 9 (mod 10)",
            "9-2=7",
            "7+9=6",
            "6*3=8",
            "8-1=7",
        ],
        ["3+4=7", "7*7=49", "49 mod 10=9", "9-2=7", "7+9=16", "16%10=6", "6*3=18", "18-1=17"],
        [
            "3+4=7 mod 10",
            "7*7=49 mod 10",
            "49-2=47",
            "47+9=56 (mod 10)",
            "56*3=168 mod 10",
            "168-1=167",
            "167 mod 10 = 7",
        ],
        ["3+4=7", "7 mod 10=7", "7*7=9", "9-2=7", "7+9=6", "6*3=8", "8-1=7"],
        ["3+4=7", "7*7=49", "49-2=47", "47+9=56", "56*3=168", "168-1=167", "167 mod 10 = 7"],
    ],
)
def test_any_way_to_write_the_chain_is_valid(judge: Judge, lines: list[str]) -> None:
    assert judge(NAME, VALUES, 7, lines, "7") == (len(lines), None)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({1: "7*7=8"}, "1: multiply_mod gives 9, not 8"),
        ({1: "7*7=48"}, "1: multiply gives 49, not 48"),
        ({1: "7*7=48 mod 10"}, "1: multiply gives 49, not 48"),
        ({1: "7*7 mod 10=49"}, "1: multiply_mod gives 9, not 49"),
        ({2: "8-2=6"}, "2: starts from 8, but the chain stands at 9"),
        ({2: "9-3=6"}, "2: is not the next operation, -2"),
        ({2: "9+2=1"}, "2: is not the next operation, -2"),
        ({0: "it is seven"}, "0: is not a step of modular_chain: 'it is seven'"),
    ],
)
def test_the_first_wrong_step_is_named(judge: Judge, changes: dict[int, str], fault: str) -> None:
    lines = [changes.get(i, line) for i, line in enumerate(LINES)]
    assert judge(NAME, VALUES, 7, lines, "7") == (int(fault[0]), fault)


def test_a_true_congruence_below_zero_is_read() -> None:
    claim = ModularChain().parse_step("2-5=-3 mod 10")
    assert claim == Claim(op="subtract", args=(2, 5), result=-3)


def test_a_value_is_reduced_once(judge: Judge) -> None:
    lines = ["3+4=7", *["7 mod 10=7"] * 2, *LINES[1:]]
    assert judge(NAME, VALUES, 7, lines, "7") == (2, "2: reduces 7 for the second time")


def test_the_end_must_be_reached_and_answered(judge: Judge) -> None:
    early = "5: the steps end before the question is answered"
    assert judge(NAME, VALUES, 7, LINES[:-1], "7") == (5, early)
    assert judge(NAME, VALUES, 7, LINES, "8") == (6, "6: the steps give 7, the answer says 8")
    late = [*LINES, "7+1=8"]
    assert judge(NAME, VALUES, 7, late, "8") == (6, "6: comes after the last operation")
