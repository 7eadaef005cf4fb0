"""``Reverse planet``: read the letters from the end and join them, one by one."""

from __future__ import annotations

import math
import re
import string
from typing import ClassVar

from pydantic import Field

from tracemill_datagen.family.chain import Chain, Results, literals
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import Family, Solution, WorkedStep, result_of
from tracemill_datagen.family.reading import said, squeezed
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim
from tracemill_schema.record import Record

LENGTH = (4, 9)


class StringReverseParameters(Record):
    """A word of different letters, so that every letter names its place."""

    word: str = Field(min_length=LENGTH[0], max_length=LENGTH[1], pattern="^[a-z]+$")


class StringReverse(Family[StringReverseParameters]):
    """A word of different letters, backwards."""

    name: ClassVar[str] = "string_reverse"
    summary: ClassVar[str] = "a word of 4-9 different letters, backwards"
    space: ClassVar[int] = sum(math.perm(26, size) for size in range(LENGTH[0], LENGTH[1] + 1))
    spec: ClassVar[AnswerSpec] = AnswerSpec(kind="string")
    parameters = StringReverseParameters

    def draw(self, draws: Draws) -> StringReverseParameters:
        """Draw a length and that many different letters."""
        letters = draws.distinct(string.ascii_lowercase, draws.between(*LENGTH))
        return StringReverseParameters(word="".join(letters))

    def wordings(self, parameters: StringReverseParameters) -> tuple[str, ...]:
        """Return three ways to ask."""
        word = parameters.word
        return (
            f'Reverse the word "{word}".',
            f'Write "{word}" backwards.',
            f'What is "{word}" from the last letter to the first?',
        )

    def mechanical(self, parameters: StringReverseParameters) -> str:
        """Say it exactly."""
        return f"the letters of {parameters.word} in reverse order"

    def group(self, parameters: StringReverseParameters) -> str:
        """A word and its reversal stay together."""
        return min(parameters.word, parameters.word[::-1])

    def solve(self, parameters: StringReverseParameters) -> Solution:
        """Read a letter, join it, read the next."""
        word = parameters.word
        last = len(word) - 1
        steps = [_read(word, last)]
        built = word[last]
        for place in range(last - 1, -1, -1):
            before = len(steps) - 1
            letter = word[place]
            steps.append(_read(word, place))
            steps.append(
                WorkedStep(
                    kind="join",
                    text=f"{built}+{letter}={built}{letter}",
                    op="concatenate",
                    args=(result_of(before), result_of(before + 1)),
                    result=built + letter,
                )
            )
            built += letter
        return Solution(steps=tuple(steps), answer=built)

    def parse_step(self, line: str) -> Claim | None:
        """Read ``planet[5]=t`` or ``t+e=te``; quotes and blanks do not matter."""
        text = squeezed(line).replace('"', "").replace("'", "")
        if match := _READ.fullmatch(text):
            return said("char_at", (match[1], int(match[2])), match[3])
        if match := _JOIN.fullmatch(text):
            return said("concatenate", tuple(match[1].split("+")), match[2])
        return None

    def start(self, parameters: StringReverseParameters) -> Chain:
        """Start with nothing read."""
        return _Pieces(parameters.word)


class _Pieces(Chain):
    """The pieces of the reversed word that are known; letters differ, so each has one place."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._known = Results()
        self._last: Value = None

    def advance(self, claim: Claim) -> str | None:
        """Follow ``Chain.advance``; letters may be read and joined in any order that fits."""
        args = literals(claim)
        if claim.op == "char_at":
            if args[0] != self._word:
                return f"reads a letter of {args[0]}, not of {self._word}"
        else:
            for arg in args:
                if arg not in self._known:
                    return f"{arg} is not an earlier result"
            if str(claim.result) not in self._word[::-1]:
                return f"{claim.result} does not stand in the reversed word"
        if claim.result in self._known:
            return f"repeats an earlier result, {claim.result}"
        if claim.op != "char_at":
            self._known.use(args)
        self._known.add(claim.result)
        self._last = claim.result
        return None

    def end(self) -> Value:
        """Return the last piece once it holds every letter."""
        return self._last if self._last == self._word[::-1] else None

    def unused(self) -> int | None:
        """Follow ``Chain.unused``."""
        return self._known.unused()


_READ = re.compile(r"([a-z]{1,40})\[(\d{1,3})\]=([a-z])", re.ASCII)
_JOIN = re.compile(r"([a-z]{1,40}(?:\+[a-z]{1,40}){1,20})=([a-z]{1,60})", re.ASCII)


def _read(word: str, place: int) -> WorkedStep:
    return WorkedStep(
        kind="read",
        text=f"{word}[{place}]={word[place]}",
        op="char_at",
        args=(word, place),
        result=word[place],
    )
