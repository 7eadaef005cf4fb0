"""The programs of one table, counted and indexed: item i is a program, without drawing the others.

Programs stand in strata of one answer operator, depth and size. A stratum holds shapes (trees of
operators), and each shape a number of bindings (columns and literals); all are counted by adding up
the rules of ``production.py``. Items go round the strata, so that neither deep nor wide shapes nor
those of many bindings drown the others; within a stratum they go round the shapes. Both orders are
permutations of ranges by a seeded cipher: nothing is kept in memory, and no binding of a shape
comes twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import prod

from tracemill_datagen.program.catalogue import BY_NAME, OPERATORS
from tracemill_datagen.program.datum import ValueType
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.grammar.literal import Literals
from tracemill_datagen.program.grammar.meaning import is_meaningful
from tracemill_datagen.program.grammar.permutation import Permutation
from tracemill_datagen.program.grammar.production import MAX_DEPTH, Key
from tracemill_datagen.program.grammar.shapes import shapes_of
from tracemill_datagen.program.grammar.turns import Turns
from tracemill_datagen.program.operator import Operator
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet

ANSWERS: frozenset[ValueType] = frozenset({"number", "label", "list"})
"""Types that a program may answer with."""

DEPTH_TURNS = (0, 2, 14, 20, 12, 6, 3, 2, 1)
"""Turns a round of the programs without decisions, by depth; those with decisions have one turn for
each depth and number of decisions."""

TRIED = 8
"""Bindings that an item of a shape with plenty of them tries: it is the first that means something,
for instance one that does not measure the column that it has filtered."""

OTHERS = 12
"""Shapes that an item tries, its own first, then those of other items near it. The k-th try of turn
t of a shape has bindings of its own, the block t * 12 + k of the shape's order, so that no program
comes twice. A table of few columns has many shapes that mean nothing, however they are bound."""

WINDOW = 1024
"""Items among which those others are."""

PLENTY = 1_500
"""Bindings from which a shape has plenty; of one with fewer each is an item of its own."""


class Grammar:
    """All programs of a table.

    Args:
        roles: What the table's columns may be used for.
        sheet: The table.
        operators: The operators to use.
        depths: Fewest and most operators on a program's longest path.
    """

    def __init__(
        self,
        roles: Roles,
        sheet: Sheet,
        *,
        operators: Sequence[Operator] = OPERATORS,
        depths: tuple[int, int] = (1, MAX_DEPTH),
    ) -> None:
        self._roles = roles
        self.literals = Literals(roles, sheet, operators)
        self._shapes = shapes_of(self.literals.usable)
        self._bindings: dict[Key, tuple[int, int]] = {}
        self._orders: dict[str, tuple[Turns, tuple[Turns, ...]]] = {}
        least, most = depths
        self.strata: tuple[Key, ...] = tuple(
            key
            for key in self._shapes.rules.of_operator
            if key[0] in BY_NAME
            and BY_NAME[key[0]].output in ANSWERS
            and least <= key[1] <= most
            and self.bindings(key)[0] > 0
        )
        """Keys of the answers, in a fixed order."""

    @cached_property
    def possible(self) -> int:
        """How many programs there are: derivations, of which some give no settled question."""
        return sum(self.bindings(key)[0] for key in self.strata)

    def program(self, item: int, *, seed: int, table: str) -> Expression | None:
        """Return the program of an item, or None for an empty one: shapes differ in bindings.

        Args:
            item: Below ``items``.
            seed: The batch's seed.
            table: The table's digest.

        Raises:
            IndexError: if there is no such item.
        """
        if not 0 <= item < self.items:
            raise IndexError(f"wanted an item below {self.items}, got {item}")
        name = f"{seed}|{table}"
        tries = (self._tried(item, name, other) for other in range(OTHERS))
        return next((found for found in tries if found is not None), None)

    def _tried(self, item: int, name: str, other: int) -> Expression | None:
        """Return the first binding that means something of an item's shape, or of another one."""
        classes, strata = self._order(name)
        kind, number = classes.place(self._instead(item, name, other))
        stratum, place = strata[kind].place(number)
        key = self._classes[kind][stratum]
        shapes = self._shapes.count(key)
        turn, place = divmod(place, shapes)
        name = f"{name}|{'|'.join(map(str, key))}"
        shape_number = Permutation(shapes, name)[place]
        shape = self._shapes.at(key, shape_number)
        bindings = self.literals.count(shape)
        each, first = TRIED, turn * OTHERS + other
        if bindings < PLENTY:
            each, first = 1, turn if other == 0 else bindings
        places = range(first * each, min(bindings, (first + 1) * each))
        order = Permutation(max(1, bindings), f"{name}|{shape_number}")
        found = (self.literals.bound(shape, order[at]) for at in places)
        return next((program for program in found if is_meaningful(program, self._roles)), None)

    def _instead(self, item: int, name: str, other: int) -> int:
        """Return the item whose shape another item tries: each one's is tried by one only."""
        start = item - item % WINDOW
        size = min(WINDOW, self.items - start)
        if other == 0:
            return item
        return start + Permutation(size, f"{name}|{other}")[item - start]

    def programs(self, *, seed: int, table: str) -> Iterator[Expression]:
        """Yield all programs in their seeded order."""
        for item in range(self.items):
            program = self.program(item, seed=seed, table=table)
            if program is not None:
                yield program

    def bindings(self, key: Key) -> tuple[int, int]:
        """Return how many programs a key has, and the most bindings of one of its shapes."""
        if key not in self._bindings:
            rules = self._shapes.rules.of_operator.get(key)
            if rules is None:
                found = [self.bindings(below) for below in self._shapes.rules.of_type[key]]
            else:
                found = [
                    (
                        self.literals.width(rule) * prod(self.bindings(b)[0] for b in rule.below),
                        self.literals.width(rule) * prod(self.bindings(b)[1] for b in rule.below),
                    )
                    for rule in rules
                ]
            self._bindings[key] = (sum(f[0] for f in found), max(f[1] for f in found))
        return self._bindings[key]

    @cached_property
    def items(self) -> int:
        """How many items there are; some are empty."""
        return sum(self._length(key) for key in self.strata)

    def _length(self, key: Key) -> int:
        """Return the items of a stratum: as if all shapes had as many bindings as the richest."""
        return self._shapes.count(key) * self.bindings(key)[1]

    @cached_property
    def _classes(self) -> tuple[tuple[Key, ...], ...]:
        """The strata by depth and decisions."""
        found: dict[tuple[int, int], list[Key]] = {}
        for key in self.strata:
            found.setdefault((key[1], key[3]), []).append(key)
        return tuple(tuple(keys) for keys in found.values())

    def _order(self, name: str) -> tuple[Turns, tuple[Turns, ...]]:
        """Return how the classes take turns, and within each class its strata."""
        if name not in self._orders:
            lengths = [[self._length(key) for key in keys] for keys in self._classes]
            strata = tuple(
                Turns(each, key=f"{name}|{keys[0][1:]}")
                for each, keys in zip(lengths, self._classes, strict=True)
            )
            weights = [_weight(keys[0]) for keys in self._classes]
            classes = Turns([turns.items for turns in strata], weights=weights, key=name)
            self._orders[name] = (classes, strata)
        return self._orders[name]


def _weight(key: Key) -> int:
    """Return how many turns a class takes in a round: those of no decision more than others."""
    _, depth, _, decisions = key
    return DEPTH_TURNS[depth] if decisions == 0 else 1
