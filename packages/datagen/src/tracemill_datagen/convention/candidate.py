"""Columns that a question leaves to be found, and the rules by which one of them is chosen.

A family that says "one of the columns a, b and c" admits every rule here as a reading. Each rule
gives one column or refuses the question by name: what two readers of one rule would choose
differently is not asked.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from random import Random

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.regression import PERFECT, products_of
from tracemill_datagen.program.operators.sample import moments_of
from tracemill_datagen.program.proposal import Reading
from tracemill_datagen.program.vector import complete
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import SheetColumn

NEAR = 1e-6
"""Relative difference below which two columns fit a rule equally well."""

MAX_RANKED_CELLS = 30_000
"""Most cells of the pairs of columns that are ranked or correlated for one question: a second."""

MIN_LARGEST = 5
"""Fewest rows of the largest group of a column that rows are grouped by."""


def listed(names: Iterable[str]) -> str:
    """Write the names of columns as a list: ``a, b and c``."""
    words = [column_words(name) for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def values_of(column: SheetColumn, rows: Expression = TABLE) -> Expression:
    """Return a column's values on some rows."""
    return call("column", rows, column=column.name)


def alike(columns: Sequence[SheetColumn], target: SheetColumn) -> list[SheetColumn]:
    """Return the other columns that are empty in the same rows as the target.

    For them it makes no difference whether rows are left out pair by pair or all at once.
    """
    empty = _empty(target)
    return [c for c in columns if c.name != target.name and _empty(c) == empty]


def sampled(
    columns: Sequence[SheetColumn], rng: Random, *, least: int, most: int
) -> list[SheetColumn]:
    """Draw some columns, in the order of ``columns``; ``not_applicable`` if there are too few."""
    if len(columns) < least:
        raise Rejected("not_applicable", f"{len(columns)} columns to choose among, wanted {least}")
    count = min(len(columns), rng.randint(least, most))
    chosen = sorted(rng.sample(range(len(columns)), count))
    return [columns[position] for position in chosen]


def groupings(roles: Roles, target: SheetColumn) -> list[SheetColumn]:
    """Return the columns whose most frequent value is unique, has enough rows, and is not all."""
    return [column for column in roles.groups if column.name != target.name and _largest(column)]


def most_balanced(columns: Sequence[SheetColumn]) -> SheetColumn:
    """Return the column with the smallest ratio of its largest to its smallest group.

    Raises:
        Rejected: ``tie`` if two columns are as good.
    """

    def imbalance(column: SheetColumn) -> float:
        counts = Counter(column.present).values()
        return max(counts) / min(counts)

    return _least(columns, imbalance)


def highest_variance(columns: Sequence[SheetColumn], target: SheetColumn) -> SheetColumn:
    """Return the column by whose groups the means of the target vary most (sample variance).

    Raises:
        Rejected: ``tie`` if two columns are as good, ``group_without_values`` if a group has none.
    """

    def variance(column: SheetColumn) -> float:
        members: dict[object, list[float]] = {value: [] for value in column.distinct}
        for label, value in zip(column.values, target.values, strict=True):
            if label is not None and isinstance(value, int | float):
                members[label].append(value)
        if not all(members.values()):
            raise Rejected("group_without_values", column.name)
        means = [math.fsum(values) / len(values) for values in members.values()]
        return -moments_of(means).variance()

    return _least(columns, variance)


def is_copy(column: SheetColumn, target: SheetColumn) -> bool:
    """Tell whether a column is a linear function of the target: the target in another unit."""
    rows = complete(np.arange(len(column.values)), column, target)
    if len(rows) <= 2 or not (column.numeric and target.numeric):
        return False
    try:
        return products_of(column.numbers[rows], target.numbers[rows]).determination > PERFECT
    except Rejected:
        return False


def joined(parts: Sequence[Expression]) -> Expression:
    """Put the numbers of columns together; of one it is that one."""
    whole = parts[0]
    for part in parts[1:]:
        whole = call("joined", whole, part)
    return whole


def strongest_pair(columns: Sequence[SheetColumn], op: str) -> Expression:
    """Return the largest absolute correlation between two of some columns.

    Raises:
        Rejected: ``too_many_cells`` if that would take a second and more.
    """
    cells = len(columns) * (len(columns) - 1) * len(columns[0].values)
    if cells > MAX_RANKED_CELLS:
        raise Rejected("too_many_cells", f"{cells} cells to rank, at most {MAX_RANKED_CELLS}")
    pairs = []
    for x, y in combinations(columns, 2):
        strength = call("absolute", call(op, TABLE, x=x.name, y=y.name))
        pairs.append(call("named_pair", strength, x=x.name, y=y.name))
    return call("groups_max", joined(pairs))


def distinct_readings(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Merge readings of one program: the first stands, named after all of them."""
    merged: dict[str, list[Reading]] = {}
    for reading in readings:
        merged.setdefault(reading.expression.canonical, []).append(reading)
    return tuple(
        Reading(
            name=" or ".join(dict.fromkeys(reading.name for reading in same)),
            expression=same[0].expression,
            statement=same[0].statement,
            parameters=same[0].parameters,
        )
        for same in merged.values()
    )


def _empty(column: SheetColumn) -> tuple[int, ...]:
    return tuple(row for row, cell in enumerate(column.values) if cell is None)


def _largest(column: SheetColumn) -> bool:
    counts = [count for _, count in Counter(column.present).most_common(2)]
    return len(counts) == 2 and counts[0] > counts[1] and counts[0] >= MIN_LARGEST


def _least(columns: Sequence[SheetColumn], measure: Callable[[SheetColumn], float]) -> SheetColumn:
    ranked = sorted(((measure(column), place) for place, column in enumerate(columns)))
    if len(ranked) > 1 and math.isclose(ranked[0][0], ranked[1][0], rel_tol=NEAR):
        names = " and ".join(columns[place].name for _, place in ranked[:2])
        raise Rejected("tie", f"{names} are as good")
    return columns[ranked[0][1]]
