"""``3+4*7-2+9*3-1 mod 10, left to right``: one digit carried through six operations.

The text is short on purpose: the demo trains on it.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field

from tracemill_datagen.family.chain import Chain, literals
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import Family, Solution, WorkedStep, result_of
from tracemill_datagen.family.reading import said, squeezed
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim
from tracemill_schema.record import Record

Sign = Literal["+", "-", "*"]
SIGNS: tuple[Sign, ...] = ("+", "-", "*")
OPERATIONS = 6
MODULUS = 10
_OPS = {"+": "add", "-": "subtract", "*": "multiply"}


class ModularChainParameters(Record):
    """``operands[0] signs[0] operands[1] ...``, evaluated from left to right modulo 10."""

    operands: tuple[int, ...] = Field(min_length=OPERATIONS + 1, max_length=OPERATIONS + 1)
    signs: tuple[Sign, ...] = Field(min_length=OPERATIONS, max_length=OPERATIONS)


class ModularChain(Family[ModularChainParameters]):
    """Six operations modulo 10, from left to right."""

    name: ClassVar[str] = "modular_chain"
    summary: ClassVar[str] = "six additions, subtractions and multiplications modulo 10"
    space: ClassVar[int] = 9 ** (OPERATIONS + 1) * len(SIGNS) ** OPERATIONS
    spec: ClassVar[AnswerSpec] = AnswerSpec(kind="integer")
    parameters = ModularChainParameters

    def draw(self, draws: Draws) -> ModularChainParameters:
        """Draw operands 1-9 and signs."""
        return ModularChainParameters(
            operands=tuple(draws.between(1, 9) for _ in range(OPERATIONS + 1)),
            signs=tuple(draws.choice(SIGNS) for _ in range(OPERATIONS)),
        )

    def wordings(self, parameters: ModularChainParameters) -> tuple[str, ...]:
        """Return the one short wording."""
        return (f"{_expression(parameters)} mod {MODULUS}, left to right",)

    def mechanical(self, parameters: ModularChainParameters) -> str:
        """Say that every step is reduced."""
        return (
            f"evaluate {_expression(parameters)} from left to right without precedence, "
            f"each result modulo {MODULUS} (0 to {MODULUS - 1})"
        )

    def group(self, parameters: ModularChainParameters) -> str:
        """Every expression is a group of its own."""
        return _expression(parameters)

    def solve(self, parameters: ModularChainParameters) -> Solution:
        """Carry the digit through."""
        steps = []
        value = parameters.operands[0]
        rest = zip(parameters.signs, parameters.operands[1:], strict=True)
        for i, (sign, operand) in enumerate(rest):
            result = _applied(sign, value, operand) % MODULUS
            steps.append(
                WorkedStep(
                    kind="compute",
                    text=f"{value}{sign}{operand}={result}",
                    op=f"{_OPS[sign]}_mod",
                    args=(result_of(i - 1) if i else value, operand, MODULUS),
                    result=result,
                )
            )
            value = result
        return Solution(steps=tuple(steps), answer=value)

    def parse_step(self, line: str) -> Claim | None:
        """Read ``3+4=7``, ``(3+4) mod 10 = 7``, ``7*7=49`` or ``49 mod 10 = 9``.

        A ``mod 10`` behind the result says that both sides are taken modulo 10, so that
        ``7*7=49 mod 10`` is as true as ``7*7=9 mod 10``.
        """
        match = _STEP.fullmatch(line) or _STEP.fullmatch(squeezed(line))
        if match is None:
            return _reduction(squeezed(line))
        left, right, result = (int(match[name]) for name in ("left", "right", "result"))
        op = _OPS[match["sign"]]
        if match["before"] or 0 <= result < MODULUS:
            return said(f"{op}_mod", (left, right, MODULUS), result)
        return said(op, (left, right), result)

    def start(self, parameters: ModularChainParameters) -> Chain:
        """Start with the first operand."""
        return _LeftToRight(parameters)


class _LeftToRight(Chain):
    """The running value, reduced or not, and how many operations are done."""

    def __init__(self, parameters: ModularChainParameters) -> None:
        self._value = parameters.operands[0]
        self._reduced = False
        self._rest = list(zip(parameters.signs, parameters.operands[1:], strict=True))

    def advance(self, claim: Claim) -> str | None:
        """Follow ``Chain.advance``; a reduction may stand after any operation, once."""
        left, right = literals(claim)[:2]
        if left != self._value:
            return f"starts from {left}, but the chain stands at {self._value}"
        if claim.op == "modulo" and self._reduced:
            return f"reduces {left} for the second time"
        if claim.op != "modulo":
            if not self._rest:
                return "comes after the last operation"
            sign, operand = self._rest[0]
            if claim.op.removesuffix("_mod") != _OPS[sign] or right != operand:
                return f"is not the next operation, {sign}{operand}"
            del self._rest[0]
        self._reduced = claim.op == "modulo"
        if isinstance(claim.result, int):
            self._value = claim.result
        return None

    def end(self) -> Value:
        """Return the last value modulo 10 when all operations are done."""
        return None if self._rest else self._value % MODULUS


_REDUCTION = re.compile(rf"(-?\d{{1,15}})(?:mod|%){MODULUS}=(\d)", re.ASCII)
_STEP = re.compile(
    r"\(?\(?(?P<left>-?\d{1,15})\)?(?P<sign>[-+*])\(?(?P<right>-?\d{1,15})\)?\)?"
    rf"(?P<before>(?:mod|%){MODULUS})?=(?P<result>-?\d{{1,15}})(?P<after>\(?(?:mod|%){MODULUS}\)?)?",
    re.ASCII,
)


def _reduction(text: str) -> Claim | None:
    match = _REDUCTION.fullmatch(text)
    if match is None:
        return None
    left, result = map(int, match.groups())
    return said("modulo", (left, MODULUS), result)


def _expression(parameters: ModularChainParameters) -> str:
    rest = zip(parameters.signs, parameters.operands[1:], strict=True)
    return str(parameters.operands[0]) + "".join(f"{sign}{operand}" for sign, operand in rest)


def _applied(sign: Sign, left: int, right: int) -> int:
    if sign == "+":
        return left + right
    return left - right if sign == "-" else left * right
