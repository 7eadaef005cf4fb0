"""count_letter: one letter further with every step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.family.count_letter import CountLetter, CountLetterParameters

Judge = Callable[..., tuple[int, str | None]]
NAME = "count_letter"
VALUES = {"word": "abcad", "letter": "a"}
LINES = ["a in a: 1", "a in ab: 1", "a in abc: 1", "a in abca: 2", "a in abcad: 2"]


def test_every_beginning_of_the_word_is_counted() -> None:
    solution = CountLetter().solve(CountLetterParameters(word="abcad", letter="a"))
    assert [step.text for step in solution.steps] == LINES
    assert solution.answer == 2
    assert CountLetter().space == sum(4 ** (n + 1) for n in range(5, 13))


@pytest.mark.parametrize("shape", ["{}", "Step 1: {}", "  {}.", '"{}"'])
def test_labels_and_quotes_do_not_matter(judge: Judge, shape: str) -> None:
    lines = [shape.format(line.replace(": ", " = ")) for line in LINES]
    assert judge(NAME, VALUES, 2, lines, "2") == (5, None)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["a in a: 2"], "0: count gives 1, not 2"),
        (["a in ab: 1"], "0: looks at ab, but the next beginning of the word is a"),
        (["b in a: 0"], "0: counts b, not a"),
        (
            [*LINES, "a in abcad: 2"],
            "5: looks at abcad, but the next beginning of the word is abcad",
        ),
        (LINES[:4], "4: the steps end before the question is answered"),
        (["there are two"], "0: is not a step of count_letter: 'there are two'"),
    ],
)
def test_the_first_wrong_step_is_named(judge: Judge, lines: list[str], fault: str) -> None:
    assert judge(NAME, VALUES, 2, lines, "2") == (int(fault[0]), fault)
