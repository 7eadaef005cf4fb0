"""``How often does a stand in abcad?``: the count in every beginning of the word."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import Field

from tracemill_datagen.family.chain import Chain, literals
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import Family, Solution, WorkedStep
from tracemill_datagen.family.reading import said, squeezed
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim
from tracemill_schema.record import Record

LETTERS = "abcd"
"""Few letters, so that the one that is asked for stands in most words more than once."""
LENGTH = (5, 12)


class CountLetterParameters(Record):
    """Count ``letter`` in ``word``."""

    word: str = Field(min_length=LENGTH[0], max_length=LENGTH[1], pattern=f"^[{LETTERS}]+$")
    letter: str = Field(pattern=f"^[{LETTERS}]$")


class CountLetter(Family[CountLetterParameters]):
    """How often one letter stands in a word."""

    name: ClassVar[str] = "count_letter"
    summary: ClassVar[str] = "how often a letter stands in a word of 5-12 letters"
    space: ClassVar[int] = sum(
        len(LETTERS) ** (size + 1) for size in range(LENGTH[0], LENGTH[1] + 1)
    )
    spec: ClassVar[AnswerSpec] = AnswerSpec(kind="integer")
    parameters = CountLetterParameters

    def draw(self, draws: Draws) -> CountLetterParameters:
        """Draw the letter and the word."""
        letter = draws.choice(LETTERS)
        size = draws.between(*LENGTH)
        word = "".join(draws.choice(LETTERS) for _ in range(size))
        return CountLetterParameters(word=word, letter=letter)

    def wordings(self, parameters: CountLetterParameters) -> tuple[str, ...]:
        """Return three ways to ask."""
        word, letter = parameters.word, parameters.letter
        return (
            f'How often does "{letter}" stand in "{word}"?',
            f'Count the letter "{letter}" in "{word}".',
            f'How many times does the word "{word}" contain "{letter}"?',
        )

    def mechanical(self, parameters: CountLetterParameters) -> str:
        """Say it exactly."""
        return f"the number of positions of {parameters.word} that hold {parameters.letter}"

    def group(self, parameters: CountLetterParameters) -> str:
        """All letters of one word stay together."""
        return parameters.word

    def solve(self, parameters: CountLetterParameters) -> Solution:
        """Count in every beginning of the word."""
        word, letter = parameters.word, parameters.letter
        steps = []
        for size in range(1, len(word) + 1):
            count = word.count(letter, 0, size)
            steps.append(
                WorkedStep(
                    kind="count",
                    text=f"{letter} in {word[:size]}: {count}",
                    op="count",
                    args=(word[:size], letter),
                    result=count,
                )
            )
        return Solution(steps=tuple(steps), answer=word.count(letter))

    def parse_step(self, line: str) -> Claim | None:
        """Read ``a in abca: 2``; ``=`` for the colon, quotes and blanks do not matter."""
        match = _COUNT.fullmatch(squeezed(line).replace('"', "").replace("'", ""))
        if match is None:
            return None
        return said("count", (match[2], match[1]), int(match[3]))

    def start(self, parameters: CountLetterParameters) -> Chain:
        """Start before the first letter."""
        return _Beginnings(parameters)


class _Beginnings(Chain):
    """How many letters are counted, and the count so far."""

    def __init__(self, parameters: CountLetterParameters) -> None:
        self._parameters = parameters
        self._size = 0
        self._count: Value = None

    def advance(self, claim: Claim) -> str | None:
        """Follow ``Chain.advance``; each step goes one letter further."""
        beginning, letter = literals(claim)
        if letter != self._parameters.letter:
            return f"counts {letter}, not {self._parameters.letter}"
        wanted = self._parameters.word[: self._size + 1]
        if beginning != wanted or self._size == len(self._parameters.word):
            return f"looks at {beginning}, but the next beginning of the word is {wanted}"
        self._size += 1
        self._count = claim.result
        return None

    def end(self) -> Value:
        """Return the count once the whole word was looked at."""
        return self._count if self._size == len(self._parameters.word) else None


_COUNT = re.compile(r"([a-z])in([a-z]{1,60})[:=](\d{1,3})", re.ASCII)
