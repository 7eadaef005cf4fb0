"""``47+85+36``: column by column, with the digit written and the carry taken on.

The steps of that sum:

    7+5+6=18      the units
    18 mod 10=8   the digit that is written
    18 div 10=1   the carry
    1+4+8+3=16    the carry and the tens
    16|8=168      the last column and the digits, joined

Running totals (``47+85=132``, ``132+36=168``) are accepted as well.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field

from tracemill_datagen.family.chain import Chain, literals
from tracemill_datagen.family.draws import Draws
from tracemill_datagen.family.family import Family, Solution, WorkedStep, result_of
from tracemill_datagen.family.reading import integers, said, squeezed
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import Value
from tracemill_schema.claim import Claim, StepRef
from tracemill_schema.record import Record

TERMS = (2, 5)
DIGITS = (2, 4)


class ChainSumParameters(Record):
    """The numbers to be added, all with the same number of digits."""

    terms: tuple[int, ...] = Field(min_length=TERMS[0], max_length=TERMS[1])


class ChainSum(Family[ChainSumParameters]):
    """The sum of two to five numbers of two to four digits."""

    name: ClassVar[str] = "chain_sum"
    summary: ClassVar[str] = "the sum of 2-5 numbers of 2-4 digits, digits and carries shown"
    space: ClassVar[int] = sum(
        (9 * 10 ** (digits - 1)) ** terms
        for digits in range(DIGITS[0], DIGITS[1] + 1)
        for terms in range(TERMS[0], TERMS[1] + 1)
    )
    spec: ClassVar[AnswerSpec] = AnswerSpec(kind="integer")
    parameters = ChainSumParameters

    def draw(self, draws: Draws) -> ChainSumParameters:
        """Draw how many numbers of how many digits, then the numbers."""
        low = 10 ** (draws.between(*DIGITS) - 1)
        count = draws.between(*TERMS)
        return ChainSumParameters(
            terms=tuple(draws.between(low, 10 * low - 1) for _ in range(count))
        )

    def wordings(self, parameters: ChainSumParameters) -> tuple[str, ...]:
        """Return three ways to ask."""
        shown = "+".join(map(str, parameters.terms))
        listed = ", ".join(map(str, parameters.terms))
        return (f"What is {shown}?", f"Add {listed}.", f"Find the sum of {listed}.")

    def mechanical(self, parameters: ChainSumParameters) -> str:
        """Say it as a formula."""
        return "+".join(map(str, parameters.terms))

    def group(self, parameters: ChainSumParameters) -> str:
        """The same numbers in another order stay together."""
        return "+".join(map(str, sorted(parameters.terms)))

    def solve(self, parameters: ChainSumParameters) -> Solution:
        """Add column by column from the units."""
        steps: list[WorkedStep] = []
        columns = _columns(parameters.terms)
        carry: tuple[Value | StepRef, int] | None = None
        written = ""
        total = 0
        for position, digits in enumerate(columns):
            added = [*digits] if carry is None else [carry[1], *digits]
            args = added if carry is None else [carry[0], *digits]
            total = sum(added)
            text = f"{'+'.join(map(str, added))}={total}"
            steps.append(
                WorkedStep(kind="compute", text=text, op="add", args=tuple(args), result=total)
            )
            if position == len(columns) - 1:
                break
            steps += _digit_and_carry(total, column=len(steps) - 1)
            written = str(total % 10) + written
            carry = (result_of(len(steps) - 1), total // 10)
        steps.append(_joined([str(total), *written]))
        return Solution(steps=tuple(steps), answer=int(f"{total}{written}"))

    def parse_step(self, line: str) -> Claim | None:
        """Read a sum of any integers, ``18 mod 10=8``, ``18 div 10=1`` or ``16|8=168``."""
        text = squeezed(line)
        if match := _SUM.fullmatch(text):
            terms = integers(match[1].replace("+", ","))
            return said("add", tuple(terms), int(match[2]))
        if match := _PART.fullmatch(text):
            op = "modulo" if match[2] in ("mod", "%") else "floor_divide"
            return said(op, (int(match[1]), 10), int(match[3]))
        if match := _JOIN.fullmatch(text):
            return said("concatenate", tuple(match[1].split("|")), match[2])
        return None

    def start(self, parameters: ChainSumParameters) -> Chain:
        """Start with all numbers and the column of the units."""
        return _ColumnsOrTotals(parameters.terms)


_Way = Literal["totals", "columns", "split"]
"""What a step belongs to; ``split`` is the digit and the carry of the column that is open."""


class _ColumnsOrTotals(Chain):
    """Both ways to add: column by column, or running totals of any of the numbers.

    They cannot be mixed up: a column's operands have one digit, the numbers have at least two.
    """

    def __init__(self, terms: tuple[int, ...]) -> None:
        self._totals = list(terms)
        self._rest = _columns(terms)
        self._sum: int | None = None
        self._digit: str | None = None
        self._carry: int | None = 0
        self._written = ""
        self._answer: Value = None
        self._steps = 0
        self._first: dict[_Way, int] = {}
        self._unused: int | None = None

    def advance(self, claim: Claim) -> str | None:
        """Follow ``Chain.advance``."""
        reason = self._advance(claim)
        if reason is None:
            self._steps += 1
        return reason

    def _advance(self, claim: Claim) -> str | None:
        args = literals(claim)
        if claim.op == "add" and self._add_totals(args, claim.result):
            return None
        if claim.op == "add":
            return self._add_column([arg for arg in args if isinstance(arg, int)])
        if claim.op == "concatenate":
            return self._join(args, claim.result)
        if args[0] != self._sum:
            return f"splits {args[0]}, but the column's sum is {self._sum}"
        if (self._digit if claim.op == "modulo" else self._carry) is not None:
            return f"splits {args[0]} for the second time"
        self._first.setdefault("split", self._steps)
        if claim.op == "modulo":
            self._digit = str(claim.result)
        else:
            self._carry = claim.result if isinstance(claim.result, int) else None
        return None

    def _add_totals(self, args: list[Value], result: Value) -> bool:
        rest: list[Value] = [*self._totals]
        for arg in args:
            if arg not in rest:
                return False
            rest.remove(arg)
        self._totals = [total for total in [*rest, result] if isinstance(total, int)]
        self._first.setdefault("totals", self._steps)
        if not rest:
            self._answer = result
            self._unused = self._first.get("columns")
        return True

    def _add_column(self, args: list[int]) -> str | None:
        if not self._rest:
            return "comes after the last column"
        if self._sum is not None and self._digit is None:
            return f"leaves out the digit of the column before, {self._sum} mod 10"
        if self._carry is None:
            return f"leaves out the carry of the column before, {self._sum} div 10"
        wanted = [self._carry, *self._rest[0]]
        if _nonzero(args) != _nonzero(wanted):
            return f"does not add the next column, {'+'.join(map(str, wanted))}"
        self._written = (self._digit or "") + self._written
        self._sum, self._digit, self._carry = sum(wanted), None, None
        del self._rest[0]
        self._first.setdefault("columns", self._steps)
        self._first.pop("split", None)
        return None

    def _join(self, args: list[Value], result: Value) -> str | None:
        if self._rest or self._sum is None:
            return "joins the digits before the last column is added"
        top = [str(self._sum)]
        if self._digit is not None and self._carry is not None:
            top = [str(self._carry), self._digit]
        if args not in ([str(self._sum), *self._written], [*top, *self._written]):
            return f"does not join the digits {'|'.join([*top, *self._written])}"
        self._answer = int(str(result))
        ways: tuple[_Way, ...] = ("totals", "split") if args[0] == str(self._sum) else ("totals",)
        self._unused = min((self._first[way] for way in ways if way in self._first), default=None)
        return None

    def end(self) -> Value:
        """Return the sum once it is joined, or once one total is left."""
        return self._answer

    def unused(self) -> int | None:
        """Return the first step of the way that did not lead to the sum, if both were begun."""
        return self._unused


_SUM = re.compile(r"(\d{1,15}(?:\+\d{1,15}){1,20})=(\d{1,15})", re.ASCII)
_PART = re.compile(r"(\d{1,15})(mod|%|div|//)10=(\d{1,15})", re.ASCII)
_JOIN = re.compile(r"(\d{1,3}(?:\|\d){1,6})=(\d{1,9})", re.ASCII)


def _columns(terms: tuple[int, ...]) -> list[list[int]]:
    texts = [str(term)[::-1] for term in terms]
    return [[int(text[place]) for text in texts] for place in range(len(texts[0]))]


def _nonzero(digits: list[int]) -> list[int]:
    return sorted(digit for digit in digits if digit)


def _digit_and_carry(total: int, *, column: int) -> list[WorkedStep]:
    return [
        WorkedStep(
            kind="compute",
            text=f"{total} {word} 10={result}",
            op=op,
            args=(result_of(column), 10),
            result=result,
        )
        for word, op, result in (
            ("mod", "modulo", total % 10),
            ("div", "floor_divide", total // 10),
        )
    ]


def _joined(parts: list[str]) -> WorkedStep:
    whole = "".join(parts)
    text = f"{'|'.join(parts)}={whole}"
    return WorkedStep(kind="join", text=text, op="concatenate", args=tuple(parts), result=whole)
