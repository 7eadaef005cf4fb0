"""Which tables belong together, and two tables as one.

Only joins are made in which each row of the left table finds at most one row of the right one: the
right key names its rows. So no row is counted twice, and what practice disagrees on is one thing
only, what becomes of rows without a partner: here they are left out (an inner join), and every
question says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from tracemill_datagen.table.sheet import Cell, Sheet, SheetColumn
from tracemill_schema.canonical import content_id

MIN_SHARED = 5
"""Different key values that both tables must have; with fewer a match comes about by chance."""

MIN_OVERLAP = 0.5
"""Share of the left key's different values that must stand in the right key."""

MIN_ROWS = 10
"""Rows of the left table that must find a partner."""


@dataclass(frozen=True, kw_only=True)
class Join:
    """Two tables and the columns that tie them.

    Attributes:
        left: The table whose rows are looked up.
        right: The table that is looked up.
        left_key: Column of ``left``.
        right_key: Column of ``right`` that has a different value in each of its rows.
    """

    left: Sheet
    right: Sheet
    left_key: str
    right_key: str

    @property
    def digest(self) -> str:
        """SHA-256 of both tables' digests and the keys."""
        return content_id([self.left.digest, self.right.digest, self.left_key, self.right_key])


@dataclass(frozen=True, kw_only=True)
class JoinedSheet(Sheet):
    """The rows of a left table that have a partner, with the partner's columns behind their own.

    A column of the right table whose name the left one has too is not there: which of the two a
    question meant could not be said.

    Attributes:
        join: Where it comes from.
    """

    join: Join

    @property
    def looked_up(self) -> tuple[SheetColumn, ...]:
        """The columns that come from the right table."""
        return self.columns[len(self.join.left.columns) :]


def joins(sheets: Sequence[Sheet]) -> tuple[Join, ...]:
    """Return the best join of each ordered pair of tables that have one, in the tables' order."""
    found = (_best(left, right) for left, right in permutations(sheets, 2))
    return tuple(join for join in found if join is not None)


def joined_name(left: str, right: str) -> str:
    """Return the name of two tables as one."""
    return f"{left}_with_{right}"


def joined(join: Join) -> JoinedSheet:
    """Return the two tables of a join as one; its name names both."""
    place = {value: row for row, value in enumerate(join.right.column(join.right_key).values)}
    keys = join.left.column(join.left_key).values
    pairs = [(row, place[key]) for row, key in enumerate(keys) if key is not None and key in place]
    taken = {column.name for column in join.left.columns}
    others = [c for c in join.right.columns if c.name not in taken and c.name != join.right_key]
    return JoinedSheet(
        name=joined_name(join.left.name, join.right.name),
        digest=join.digest,
        columns=(
            *(_picked(column, [row for row, _ in pairs]) for column in join.left.columns),
            *(_picked(column, [row for _, row in pairs]) for column in others),
        ),
        join=join,
    )


class Tables(Mapping[str, Sheet]):
    """Tables by their digest; a join of two of them is made when it is asked for.

    Iterates over the tables only: which joins there are takes seconds to find.
    """

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = {sheet.digest: sheet for sheet in sheets}

    def __getitem__(self, digest: str) -> Sheet:
        if digest in self._sheets:
            return self._sheets[digest]
        if digest not in self._made:
            self._made[digest] = joined(self._joins[digest])
        return self._made[digest]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sheets)

    def __len__(self) -> int:
        return len(self._sheets)

    @cached_property
    def _made(self) -> dict[str, Sheet]:
        return {}

    @cached_property
    def _joins(self) -> Mapping[str, Join]:
        return {join.digest: join for join in joins(tuple(self._sheets.values()))}


def _picked(column: SheetColumn, rows: Sequence[int]) -> SheetColumn:
    values: tuple[Cell, ...] = tuple(column.values[row] for row in rows)
    return SheetColumn(name=column.name, kind=column.kind, values=values, unit=column.unit)


def _best(left: Sheet, right: Sheet) -> Join | None:
    """Return the join of the same name if there is one, else that with the most shared values."""
    ranked = sorted(_candidates(left, right), key=lambda found: found[0])
    return ranked[0][1] if ranked else None


def _candidates(left: Sheet, right: Sheet) -> Iterator[tuple[tuple[bool, int], Join]]:
    for right_key in right.columns:
        if right_key.nulls or len(right_key.distinct) < right.rows:
            continue
        known = frozenset(right_key.distinct)
        for left_key in left.columns:
            same_name = left_key.name.casefold() == right_key.name.casefold()
            if not _can_tie(left_key, right_key, same_name=same_name):
                continue
            shared = known.intersection(left_key.distinct)
            partners = sum(value in shared for value in left_key.present)
            if (
                len(shared) < max(MIN_SHARED, MIN_OVERLAP * len(left_key.distinct))
                or partners < MIN_ROWS
            ):
                continue
            join = Join(left=left, right=right, left_key=left_key.name, right_key=right_key.name)
            yield (not same_name, -len(shared)), join


def _can_tie(left: SheetColumn, right: SheetColumn, *, same_name: bool) -> bool:
    """Numbers tie tables only where the columns have one name: counters match anything."""
    if left.kind in {"number", "datetime", "boolean"} or right.kind in {"number", "datetime"}:
        return False
    if left.numeric != right.numeric:
        return False
    return same_name or not left.numeric
