"""The literals that operators may take on a table, as lists that can be counted and indexed.

An operator's ``bindings`` is one of the functions below or a function like them. Their order
depends on the table only. What could only lead to a rejected question (a value with fewer rows than
a selection must keep) is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

from tracemill_schema.canonical import Value, canonical_bytes

if TYPE_CHECKING:
    from tracemill_datagen.program.operator import Bindings, Operator, Parameters
    from tracemill_datagen.table.role import Roles
    from tracemill_datagen.table.sheet import SheetColumn

DRAWS = 96
"""Draws of a ``bind`` that are enumerated for an operator without ``bindings``."""

EIGHTHS = (0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875)
"""Where in a sorted column thresholds stand: neither side keeps under an eighth of the rows."""

MIN_SIDE_ROWS = 12
"""Fewest rows on either side of a threshold."""

MAX_VALUES = 8
"""Values of a column of many classes that rows are chosen by, the most frequent ones."""

MIN_VALUE_ROWS = 5
"""Fewest rows of a value that is filtered by; a selection of fewer is refused anyway."""


def bindings_of(operator: Operator, roles: Roles) -> tuple[Parameters, ...]:
    """Return all literals of an operator on a table, each once; none if it cannot be used."""
    if operator.bindings is not None:
        found: Sequence[Parameters] = operator.bindings(roles)
    else:
        streams = (Random(f"{operator.name}|{draw}") for draw in range(DRAWS))  # noqa: S311
        drawn = (operator.bind(roles, stream) for stream in streams)
        found = [parameters for parameters in drawn if parameters is not None]
    return tuple({canonical_bytes(dict(each)): each for each in found}.values())


def measures(roles: Roles) -> Sequence[Parameters]:
    """Return each quantity as ``column``."""
    return [{"column": column.name} for column in roles.measures]


def labelled(roles: Roles) -> Sequence[Parameters]:
    """Return each column of groups or of texts that recur as ``column``."""
    texts = (column for column in roles.classes if column.kind != "integer")
    return [{"column": column.name} for column in (*roles.groups, *texts)]


def by_groups(roles: Roles) -> Sequence[Parameters]:
    """Return each group column as ``by``."""
    return [{"by": column.name} for column in roles.groups]


def measures_by_groups(roles: Roles) -> Sequence[Parameters]:
    """Return each group column as ``by`` with each other quantity as ``column``."""
    return [
        {"by": by.name, "column": column.name}
        for by in roles.groups
        for column in roles.measures
        if by.name != column.name
    ]


def sums_by_groups(roles: Roles) -> Sequence[Parameters]:
    """Return each group column as ``by`` with each other quantity that adds up as ``column``."""
    return measures_by_groups(replace(roles, measures=roles.additive))


def pairs(roles: Roles) -> Sequence[Parameters]:
    """Return each two quantities as ``x`` and ``y``, in the table's order."""
    return [{"x": x.name, "y": y.name} for x, y in combinations(roles.measures, 2)]


def sparse(roles: Roles) -> Sequence[Parameters]:
    """Return each column with cells without a value as ``column``."""
    return [{"column": column.name} for column in roles.sparse]


def once_if_sparse(roles: Roles) -> Sequence[Parameters]:
    """Return the empty binding if some column has cells without a value."""
    return [{}] if roles.sparse else []


def equal_values(roles: Roles) -> Sequence[Parameters]:
    """Return each group column with each of its values that has enough rows.

    Columns of more values stand there with their most frequent ones.
    """
    return [
        {"column": column.name, "value": value}
        for column in (*roles.groups, *roles.classes)
        for value in frequent(column)[: MAX_VALUES if column in roles.classes else None]
    ]


def unequal_values(roles: Roles) -> Sequence[Parameters]:
    """As ``equal_values``; of two values, being not the one is being the other."""
    return [
        {"column": column.name, "value": value}
        for column in roles.groups
        if len(column.distinct) > 2
        for value in frequent(column)
    ]


def thresholds(roles: Roles) -> Sequence[Parameters]:
    """Return each quantity and scale with values at its eighths, floats to three digits."""
    return [
        {"column": column.name, "value": value}
        for column in (*roles.measures, *roles.scales)
        for value in limits(column)
    ]


def date_limits(roles: Roles) -> Sequence[Parameters]:
    """Return each date column with the days at its eighths."""
    return [
        {"column": column.name, "value": value}
        for column in roles.dates
        for value in limits(column)
    ]


def cuts(sizes: Sequence[int], *, largest: bool) -> Bindings:
    """Return a function that gives each quantity as ``column`` with each size as ``n``.

    Left out are cuts that fall inside a tie of the whole table.
    """

    def bindings(roles: Roles) -> Sequence[Parameters]:
        found: list[Parameters] = []
        for column in roles.measures:
            ordered = column.sorted_values[::-1] if largest else column.sorted_values
            clear = (n for n in sizes if n < len(ordered) and ordered[n - 1] != ordered[n])
            found += [{"column": column.name, "n": n} for n in clear]
        return found

    return bindings


def ranked_keys(sizes: Sequence[int]) -> Bindings:
    """Return a function that gives each key with each quantity or scale as ``by`` and each size."""

    def bindings(roles: Roles) -> Sequence[Parameters]:
        return [
            {"key": key.name, "by": by.name, "n": n}
            for key in roles.keys
            for by in (*roles.measures, *roles.scales)
            for n in sizes
        ]

    return bindings


def each(key: str, values: Sequence[Value]) -> Bindings:
    """Return a function that gives each value as ``key``, whatever the table."""

    def bindings(_: Roles) -> Sequence[Parameters]:
        return [{key: value} for value in values]

    return bindings


def frequent(column: SheetColumn) -> list[int | float | str]:
    """Return a column's values of at least ``MIN_VALUE_ROWS`` rows, the most frequent first."""
    return [v for v, rows in Counter(column.present).most_common() if rows >= MIN_VALUE_ROWS]


def limits(column: SheetColumn) -> list[int | float | str]:
    """Return the values at a sorted column's eighths, floats to three significant digits.

    Of a short column the outer eighths are left out: hardly a row would be left beside them.
    """
    ordered = column.sorted_values
    least = MIN_SIDE_ROWS / max(1, len(ordered))
    parts = [part for part in EIGHTHS if least <= part <= 1 - least] or [0.5]
    found = [ordered[int(len(ordered) * part)] for part in parts]
    cut = (float(f"{value:.3g}") if isinstance(value, float) else value for value in found)
    return list(dict.fromkeys(cut))
