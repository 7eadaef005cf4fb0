"""string_reverse: letters are read, then joined."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.family.string_reverse import StringReverse, StringReverseParameters

Judge = Callable[..., tuple[int, str | None]]
NAME = "string_reverse"
VALUES = {"word": "tone"}
LINES = ["tone[3]=e", "tone[2]=n", "e+n=en", "tone[1]=o", "en+o=eno", "tone[0]=t", "eno+t=enot"]


def test_letters_are_read_from_the_end() -> None:
    solution = StringReverse().solve(StringReverseParameters(word="tone"))
    assert [step.text for step in solution.steps] == LINES
    assert solution.answer == "enot"


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        ["tone[0]=t", "tone[1]=o", "tone[2]=n", "tone[3]=e", "o+t=ot", "n+ot=not", "e+not=enot"],
        [*LINES[:2], *LINES[3:4], *LINES[5:6], "'e' + 'n' + 'o' + 't' = 'enot'"],
    ],
)
def test_any_order_that_fits_is_valid(judge: Judge, lines: list[str]) -> None:
    assert judge(NAME, VALUES, "enot", lines, "enot") == (len(lines), None)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["tone[3]=n"], "0: char_at gives 'e', not 'n'"),
        (["stone[4]=e"], "0: reads a letter of stone, not of tone"),
        (["tone[9]=e"], "0: char_at cannot be applied: string index out of range"),
        (["tone[3]=e", "e+n=en"], "1: n is not an earlier result"),
        ([*LINES[:2], "n+e=ne"], "2: ne does not stand in the reversed word"),
        ([*LINES[:2], "e+n=em"], "2: concatenate gives 'en', not 'em'"),
        (LINES[:-1], "6: the steps end before the question is answered"),
        ([LINES[0], *LINES], "1: repeats an earlier result, e"),
        ([*LINES[:3], LINES[2], *LINES[3:]], "3: repeats an earlier result, en"),
        ([*LINES[:4], "n+o=no", *LINES[4:]], "4: gives no, which no later step uses"),
        (["reverse tone"], "0: is not a step of string_reverse: 'reverse tone'"),
    ],
)
def test_the_first_wrong_step_is_named(judge: Judge, lines: list[str], fault: str) -> None:
    assert judge(NAME, VALUES, "enot", lines, "enot") == (int(fault[0]), fault)


def test_a_word_and_its_reversal_share_a_group() -> None:
    groups = {StringReverse().group(StringReverseParameters(word=w)) for w in ("tone", "enot")}
    assert groups == {"enot"}
