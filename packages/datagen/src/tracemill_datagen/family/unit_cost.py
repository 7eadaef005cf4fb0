"""``7 pens cost 5.25. What do 4 pens cost?``: through the price of one."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tracemill_datagen.family.chain import Chain, OperandPool
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import Family, Solution, WorkedStep, result_of
from tracemill_datagen.family.reading import equation, said
from tracemill_schema.answer import AnswerSpec, show
from tracemill_schema.claim import Claim
from tracemill_schema.record import Record

BOUGHT = (2, 12)
WANTED = (2, 20)
_UNIT_CENTS = tuple(cents for cents in range(5, 1_000) if cents % 100)
"""No whole unit price: it could not be told from a count, and a step could be left out unseen."""
_THINGS = ("pens", "apples", "tickets", "bolts", "stamps", "candles")


class UnitCostParameters(Record):
    """``bought`` things cost ``cost``; ``wanted`` of them are asked for."""

    bought: int = Field(ge=BOUGHT[0], le=BOUGHT[1])
    cost: float = Field(gt=0, description="in units of money, two decimals")
    wanted: int = Field(ge=WANTED[0], le=WANTED[1])


class UnitCost(Family[UnitCostParameters]):
    """The cost of one number of things from the cost of another."""

    name: ClassVar[str] = "unit_cost"
    summary: ClassVar[str] = "the cost of some things from the cost of another number of them"
    space: ClassVar[int] = len(_UNIT_CENTS) * (BOUGHT[1] - BOUGHT[0] + 1) * (WANTED[1] - WANTED[0])
    spec: ClassVar[AnswerSpec] = AnswerSpec(kind="number", decimals=2)
    parameters = UnitCostParameters

    def draw(self, draws: Draws) -> UnitCostParameters:
        """Draw a unit price and two different counts."""
        bought = draws.between(*BOUGHT)
        others = [count for count in range(WANTED[0], WANTED[1] + 1) if count != bought]
        return UnitCostParameters(
            bought=bought,
            cost=bought * draws.choice(_UNIT_CENTS) / 100,
            wanted=draws.choice(others),
        )

    def wordings(self, parameters: UnitCostParameters) -> tuple[str, ...]:
        """Return the question for each kind of thing."""
        cost = show(_money(_cents(parameters)))
        return tuple(
            f"{parameters.bought} {things} cost {cost}. What do {parameters.wanted} {things} cost?"
            for things in _THINGS
        )

    def mechanical(self, parameters: UnitCostParameters) -> str:
        """Say it as arithmetic."""
        cost = show(_money(_cents(parameters)))
        return f"{cost} / {parameters.bought} * {parameters.wanted}, exact to two decimals"

    def group(self, parameters: UnitCostParameters) -> str:
        """Questions over one unit price stay together."""
        return str(_cents(parameters) // parameters.bought)

    def solve(self, parameters: UnitCostParameters) -> Solution:
        """Find the price of one, then of all that are wanted."""
        total = _money(_cents(parameters))
        unit = _money(_cents(parameters) // parameters.bought)
        answer = _money(_cents(parameters) // parameters.bought * parameters.wanted)
        return Solution(
            steps=(
                WorkedStep(
                    kind="compute",
                    text=f"{show(total)}/{parameters.bought}={show(unit)}",
                    op="divide",
                    args=(total, parameters.bought),
                    result=unit,
                ),
                WorkedStep(
                    kind="compute",
                    text=f"{show(unit)}*{parameters.wanted}={show(answer)}",
                    op="multiply",
                    args=(result_of(0), parameters.wanted),
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

    def start(self, parameters: UnitCostParameters) -> Chain:
        """Start with the cost and both counts."""
        cents = _cents(parameters)
        return OperandPool(
            values=(_money(cents), parameters.bought, parameters.wanted),
            ops=("multiply", "divide"),
            target=_money(cents // parameters.bought * parameters.wanted),
        )


def _cents(parameters: UnitCostParameters) -> int:
    return round(parameters.cost * 100)


def _money(cents: int) -> int | float:
    return cents // 100 if cents % 100 == 0 else cents / 100
