"""Decides a criterion for one evaluation, and shows both sides of every comparison.

Numbers are computed as exact fractions of what the files write in decimal: 0.3 - 0.2 >= 0.1 holds.
Every comparison is computed, also where `and` or `or` could be told without it: a criterion that
names what was not measured is not decided.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tracemill_gate.errors import NoVerdict
from tracemill_gate.experiment.expression import Binary, Field, Node, Number, Unary, fields_of
from tracemill_gate.experiment.field import Measured, number_of

COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
COMPUTE: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
LARGEST_WHOLE = 10**15
"""Whole numbers below it are shown with all their digits."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One comparison of a criterion with what it came to.

    Attributes:
        shown: Both sides as written, with their values.
        holds: Whether it is true.
    """

    shown: str
    holds: bool

    def __str__(self) -> str:
        return f"{self.shown}: {'holds' if self.holds else 'does not hold'}"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A criterion decided.

    Attributes:
        comparisons: Each comparison, from left to right.
        holds: Whether the whole is true.
    """

    comparisons: tuple[Compared, ...]
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Pair:
    """What a criterion is decided about; without a baseline it may name none."""

    evaluation: Measured
    baseline: Measured | None


def decide(criterion: Node, text: str, pair: Pair) -> Decision:
    """Decide a criterion.

    Args:
        criterion: As ``expression.parse`` returned it for ``text``.
        text: The criterion as written.
        pair: The evaluation, and the one that it is compared with.

    Raises:
        NoVerdict: a field has no value here, or something is divided by zero.
    """
    found = tuple(_comparisons(criterion))
    decided = {id(node): _compared(node, text, pair) for node in found}
    return Decision(
        comparisons=tuple(decided.values()),
        holds=_truth(criterion, {key: compared.holds for key, compared in decided.items()}),
    )


def shown(value: Fraction, *, digits: int = 4) -> str:
    """Return a number for people: whole ones in full, others with some significant digits."""
    if value.denominator == 1 and abs(value) < LARGEST_WHOLE:
        return str(value.numerator)
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.{digits}g}"


def _comparisons(node: Node) -> Iterator[Binary]:
    if isinstance(node, Binary) and node.sign in COMPARE:
        yield node
    elif isinstance(node, Binary):
        yield from _comparisons(node.left)
        yield from _comparisons(node.right)
    elif isinstance(node, Unary):
        yield from _comparisons(node.operand)


def _truth(node: Node, decided: dict[int, bool]) -> bool:
    if isinstance(node, Unary):
        return not _truth(node.operand, decided)
    if not isinstance(node, Binary) or node.sign in COMPARE:
        return decided[id(node)]
    left, right = _truth(node.left, decided), _truth(node.right, decided)
    return left and right if node.sign == "and" else left or right


def _compared(node: Binary, text: str, pair: Pair) -> Compared:
    left, right = _number(node.left, text, pair), _number(node.right, text, pair)
    # Rounding must not show two different numbers as one.
    digits = 4 if left == right or shown(left) != shown(right) else 17
    sides = [
        _side(side, value, text, digits) for side, value in ((node.left, left), (node.right, right))
    ]
    return Compared(
        shown=f"{sides[0]} {node.sign} {sides[1]}", holds=COMPARE[node.sign](left, right)
    )


def _side(node: Node, value: Fraction, text: str, digits: int) -> str:
    written = " ".join(text[node.start : node.end].split())
    literal = isinstance(node.operand if isinstance(node, Unary) else node, Number)
    return written if literal else f"{written} {shown(value, digits=digits)}"


def _number(node: Node, text: str, pair: Pair) -> Fraction:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Field):
        return number_of(_side_of(node, pair), node.keys)
    if isinstance(node, Unary):
        return -_number(node.operand, text, pair)
    if not isinstance(node, Binary):
        raise TypeError(f"{type(node).__name__} is no number")
    left, right = _number(node.left, text, pair), _number(node.right, text, pair)
    if node.sign == "/" and right == 0:
        divisor = text[node.right.start : node.right.end]
        names = " and ".join(dict.fromkeys(_side_of(f, pair).name for f in fields_of(node)))
        where = f"{names}: " if names else ""
        raise NoVerdict(f"{where}cannot divide by {divisor}, which is 0")
    return COMPUTE[node.sign](left, right)


def _side_of(field: Field, pair: Pair) -> Measured:
    if not field.of_baseline:
        return pair.evaluation
    if pair.baseline is None:
        raise NoVerdict(
            f"the criterion names a baseline, and {pair.evaluation.name} is compared with none"
        )
    return pair.baseline
