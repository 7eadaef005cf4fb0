"""``What is 35% of 240?``: multiply, then divide by one hundred."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tracemill_datagen.family.chain import Chain, OperandPool
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import Family, Solution, WorkedStep, result_of
from tracemill_datagen.family.reading import equation, said
from tracemill_schema.answer import AnswerSpec, show
from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim
from tracemill_schema.record import Record

PERCENT = (2, 99)
WHOLE = (101, 9_999)
"""From 101 on no product of the two is a number of the question, so that every step is needed."""


class PercentParameters(Record):
    """``percent`` per cent of ``whole``."""

    percent: int = Field(ge=PERCENT[0], le=PERCENT[1])
    whole: int = Field(ge=WHOLE[0], le=WHOLE[1])


class Percent(Family[PercentParameters]):
    """A percentage of a whole number, exact to two decimals."""

    name: ClassVar[str] = "percent"
    summary: ClassVar[str] = "a percentage of a whole number, exact to two decimals"
    space: ClassVar[int] = (PERCENT[1] - PERCENT[0] + 1) * (WHOLE[1] - WHOLE[0] + 1)
    spec: ClassVar[AnswerSpec] = AnswerSpec(kind="number", decimals=2)
    parameters = PercentParameters

    def draw(self, draws: Draws) -> PercentParameters:
        """Draw both numbers."""
        return PercentParameters(percent=draws.between(*PERCENT), whole=draws.between(*WHOLE))

    def wordings(self, parameters: PercentParameters) -> tuple[str, ...]:
        """Return three ways to ask."""
        percent, whole = parameters.percent, parameters.whole
        return (
            f"What is {percent}% of {whole}?",
            f"Calculate {percent} percent of {whole}.",
            f"A price of {whole} is charged a fee of {percent}%. How much is the fee?",
        )

    def mechanical(self, parameters: PercentParameters) -> str:
        """Say it as arithmetic."""
        return f"{parameters.whole} * {parameters.percent} / 100, exact to two decimals"

    def group(self, parameters: PercentParameters) -> str:
        """35 % of 240 and 240 % of 35 have one product and stay together."""
        return str(parameters.percent * parameters.whole)

    def solve(self, parameters: PercentParameters) -> Solution:
        """Multiply first, so that every number but the last is whole."""
        product = parameters.whole * parameters.percent
        answer = _hundredth(product)
        return Solution(
            steps=(
                WorkedStep(
                    kind="compute",
                    text=f"{parameters.whole}*{parameters.percent}={product}",
                    op="multiply",
                    args=(parameters.whole, parameters.percent),
                    result=product,
                ),
                WorkedStep(
                    kind="compute",
                    text=f"{product}/100={show(answer)}",
                    op="divide",
                    args=(result_of(0), 100),
                    result=answer,
                ),
            ),
            answer=answer,
        )

    def parse_step(self, line: str) -> Claim | None:
        """Read any equation of two numbers."""
        found = equation(line)
        if found is None:
            return None
        return said(found.op, (found.left, found.right), found.result)

    def start(self, parameters: PercentParameters) -> Chain:
        """Start with both numbers and one hundred."""
        values: tuple[Value, ...] = (parameters.whole, parameters.percent, 100)
        target = _hundredth(parameters.whole * parameters.percent)
        return OperandPool(values=values, ops=("multiply", "divide", "add"), target=target)


def _hundredth(product: int) -> int | float:
    return product // 100 if product % 100 == 0 else product / 100
