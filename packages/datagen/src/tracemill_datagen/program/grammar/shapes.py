"""Shapes: programs without their columns and literals, counted and indexed by key."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import prod

from tracemill_datagen.program.grammar.production import Key, Rule, Rules, rules_of


@dataclass(frozen=True, slots=True)
class Shape:
    """One rule with the shapes of its operands."""

    rule: Rule
    below: tuple[Shape, ...]


class Shapes:
    """All shapes of some rules."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._counts: dict[Key, int] = {}
        self._sums: dict[Key, list[int]] = {}

    def count(self, key: Key) -> int:
        """Return how many shapes a key has."""
        if key not in self._counts:
            self._counts[key] = self._ends(key)[-1]
        return self._counts[key]

    def at(self, key: Key, index: int) -> Shape:
        """Return one of ``count(key)`` shapes."""
        place, rest = _placed(self._ends(key), index)
        if key not in self.rules.of_operator:
            return self.at(self.rules.of_type[key][place], rest)
        rule = self.rules.of_operator[key][place]
        below = []
        for operand in rule.below:
            rest, digit = divmod(rest, self.count(operand))
            below.append(self.at(operand, digit))
        return Shape(rule, tuple(below))

    def _ends(self, key: Key) -> list[int]:
        """Return the running sums of the shapes of a key's rules."""
        if key not in self._sums:
            rules = self.rules.of_operator.get(key)
            counts = (
                [self.count(below) for below in self.rules.of_type[key]]
                if rules is None
                else [prod(self.count(below) for below in rule.below) for rule in rules]
            )
            self._sums[key] = list(accumulate(counts))
        return self._sums[key]


@lru_cache(maxsize=64)
def shapes_of(usable: frozenset[str]) -> Shapes:
    """Return the shapes of some operators; made once for all tables with the same ones."""
    return Shapes(rules_of(usable))


def _placed(ends: Sequence[int], index: int) -> tuple[int, int]:
    """Return in which stretch an index falls, and where in it."""
    place = bisect_right(ends, index)
    return place, index - (ends[place - 1] if place else 0)
