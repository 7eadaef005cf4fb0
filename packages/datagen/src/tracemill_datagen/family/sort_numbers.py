"""``Sort 42, 17, 88, 5``: find the smallest, take it away, and again."""

from __future__ import annotations

import math
import re
from typing import ClassVar

from pydantic import Field

from tracemill_datagen.family.chain import Chain, literals
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import Family, Solution, WorkedStep, result_of
from tracemill_datagen.family.reading import integers, said, squeezed
from tracemill_schema.answer import AnswerSpec, show
from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim, StepRef, same_value
from tracemill_schema.record import Record

SIZE = (3, 6)
NUMBERS = range(100)


class SortNumbersParameters(Record):
    """Different numbers, in the order of the question."""

    numbers: tuple[int, ...] = Field(min_length=SIZE[0], max_length=SIZE[1])


class SortNumbers(Family[SortNumbersParameters]):
    """Three to six different numbers below one hundred, in rising order."""

    name: ClassVar[str] = "sort_numbers"
    summary: ClassVar[str] = "3-6 different numbers below 100 in rising order, by selection"
    space: ClassVar[int] = sum(math.perm(len(NUMBERS), n) for n in range(SIZE[0], SIZE[1] + 1))
    spec: ClassVar[AnswerSpec] = AnswerSpec(kind="list", item=AnswerSpec(kind="integer"))
    parameters = SortNumbersParameters

    def draw(self, draws: Draws) -> SortNumbersParameters:
        """Draw how many, then the numbers."""
        return SortNumbersParameters(numbers=draws.distinct(NUMBERS, draws.between(*SIZE)))

    def wordings(self, parameters: SortNumbersParameters) -> tuple[str, ...]:
        """Return three ways to ask."""
        listed = ", ".join(map(str, parameters.numbers))
        return (
            f"Sort in rising order: {listed}.",
            f"Put {listed} in order, smallest first.",
            f"Order these numbers from the smallest to the largest: {listed}.",
        )

    def mechanical(self, parameters: SortNumbersParameters) -> str:
        """Say it exactly."""
        return f"the list {show(list(parameters.numbers))} in ascending order"

    def group(self, parameters: SortNumbersParameters) -> str:
        """The same numbers in another order stay together."""
        return ",".join(map(str, sorted(parameters.numbers)))

    def solve(self, parameters: SortNumbersParameters) -> Solution:
        """Select and remove the smallest until one number is left."""
        steps: list[WorkedStep] = []
        rest = list(parameters.numbers)
        while len(rest) > 1:
            source: Value | StepRef = result_of(len(steps) - 1) if steps else [*rest]
            smallest = min(rest)
            steps.append(
                WorkedStep(
                    kind="select",
                    text=f"min {_listed(rest)}={smallest}",
                    op="minimum",
                    args=(source,),
                    result=smallest,
                )
            )
            left = [number for number in rest if number != smallest]
            steps.append(
                WorkedStep(
                    kind="remove",
                    text=f"{_listed(rest)} without {smallest}={_listed(left)}",
                    op="remove",
                    args=(source, result_of(len(steps) - 1)),
                    result=[*left],
                )
            )
            rest = left
        return Solution(steps=tuple(steps), answer=[*sorted(parameters.numbers)])

    def parse_step(self, line: str) -> Claim | None:
        """Read ``min 42,17,5=5`` or ``42,17,5 without 5=42,17``; brackets do not matter."""
        text = squeezed(line)
        for mark in "()[]":
            text = text.replace(mark, "")
        if match := _MINIMUM.fullmatch(text):
            return said("minimum", (integers(match[1]),), int(match[2]))
        if match := _REMOVE.fullmatch(text):
            items, item, left = integers(match[1]), int(match[2]), integers(match[3])
            return said("remove", (items, item), left)
        return None

    def start(self, parameters: SortNumbersParameters) -> Chain:
        """Start with the whole list."""
        return _Selection(list(parameters.numbers))


class _Selection(Chain):
    """What is left, what was selected last, and what was taken away in order."""

    def __init__(self, numbers: list[Value]) -> None:
        self._rest = numbers
        self._smallest: Value = None
        self._taken: list[Value] = []

    def advance(self, claim: Claim) -> str | None:
        """Follow ``Chain.advance``."""
        args = literals(claim)
        if _as_set(args[0]) != _as_set(self._rest):
            return f"looks at {show(args[0])}, but {show(self._rest)} is left"
        if claim.op == "minimum":
            if self._smallest is not None:
                return f"selects again before {show(self._smallest)} is taken away"
            self._smallest = claim.result
            return None
        if self._smallest is None or not same_value(args[1], self._smallest):
            return f"takes {show(args[1])} away, which was not selected"
        self._taken.append(self._smallest)
        self._smallest = None
        self._rest = list(claim.result) if isinstance(claim.result, list) else []
        return None

    def end(self) -> Value:
        """Return the order once one number is left, selected or not."""
        return [*self._taken, *self._rest] if len(self._rest) <= 1 else None


_LIST = r"\d{1,15}(?:,\d{1,15}){0,63}"
_MINIMUM = re.compile(rf"(?:min|minimum|smallest)(?:of)?:?({_LIST})(?:=|is)(\d{{1,15}})", re.ASCII)
_REMOVE = re.compile(rf"({_LIST})(?:without|minus)(\d{{1,15}})=((?:{_LIST})?)", re.ASCII)


def _listed(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))


def _as_set(numbers: Value) -> list[str]:
    return sorted(map(show, numbers)) if isinstance(numbers, list) else []
