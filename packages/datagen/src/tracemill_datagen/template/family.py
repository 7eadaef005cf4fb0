"""What a template family is, and the drawing that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.select import threshold
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_schema.canonical import Value


@dataclass(frozen=True, kw_only=True)
class Template:
    """A hand-written family.

    Attributes:
        name: Its name in question.v1.
        propose: Draws one question about a table; raises Rejected ``not_applicable`` if the table
            has no columns for it.
        joins: True if it asks about two tables that are joined, and of no other.
    """

    name: str
    propose: Callable[[Sheet, Roles, Random], Proposal]
    joins: bool = False


def one_of(columns: Sequence[SheetColumn], rng: Random) -> SheetColumn:
    """Draw a column; Rejected ``not_applicable`` if there is none."""
    if not columns:
        raise Rejected("not_applicable", "no column of the kind that is asked for")
    return rng.choice(columns)


def other_than(columns: Sequence[SheetColumn], taken: SheetColumn, rng: Random) -> SheetColumn:
    """Draw another column than ``taken``; Rejected ``not_applicable`` if there is none."""
    return one_of([column for column in columns if column.name != taken.name], rng)


def check_crossed(first: SheetColumn, second: SheetColumn) -> None:
    """Refuse two categories of which one decides the other, as a country decides its continent.

    Their table has one full cell in each row or column: what is asked of it says nothing.

    Raises:
        Rejected: ``not_applicable``.
    """
    both = zip(first.values, second.values, strict=True)
    pairs = {pair for pair in both if None not in pair}
    if len(pairs) in {len({x for x, _ in pairs}), len({y for _, y in pairs})}:
        raise Rejected("not_applicable", f"{first.name} and {second.name}: one decides the other")


def some_rows(
    roles: Roles, rng: Random, *, apart_from: SheetColumn
) -> tuple[Expression, dict[str, Value]]:
    """Draw all rows, or those of one group; return them and the literals used."""
    groups = [column for column in roles.groups if column.name != apart_from.name]
    if not groups or rng.random() < 0.4:
        return TABLE, {}
    column = rng.choice(groups)
    value = rng.choice(column.distinct)
    rows = call("filter_equal", TABLE, column=column.name, value=value)
    return rows, {"where": column.name, "value": value}


def amounts(_: Sheet, roles: Roles) -> list[SheetColumn]:
    """Return the measures whose sum over rows means something, in the table's order."""
    return list(roles.additive)


def least_of(column: SheetColumn) -> int | float:
    """Return the smallest value of a quantity; TypeError for a column of texts."""
    least = column.sorted_values[0]
    if isinstance(least, str):
        raise TypeError(f"{column.name}: wanted a quantity")
    return least


def limited(
    rows: Expression, column: SheetColumn, rng: Random
) -> tuple[Expression, dict[str, Value]]:
    """Narrow rows to those where a quantity is greater or less than a limit from its middle."""
    limit = threshold(column.sorted_values, rng)
    side = rng.choice(("greater", "less"))
    chosen = call(f"filter_{side}", rows, column=column.name, value=limit)
    return chosen, {"limited": column.name, "side": side, "limit": limit}


def two_groups(column: SheetColumn, rng: Random) -> tuple[Expression, Expression, dict[str, Value]]:
    """Draw two groups of a column: the rows of each, and the literals used."""
    first, second = rng.sample(column.distinct, 2)
    one, other = (
        call("filter_equal", TABLE, column=column.name, value=value) for value in (first, second)
    )
    return one, other, {"by": column.name, "first": first, "second": second}


def full(columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """Return the columns without empty cells."""
    return [column for column in columns if not column.nulls]


def over_rows(what: str, rows: Expression) -> str:
    """Say of which rows something is; all rows go without saying."""
    return what if rows is TABLE else f"{what} over {phrase_of(rows)}"


def mean_over(rows: Expression, column: SheetColumn) -> Expression:
    """Return the mean of a column over some rows."""
    return call("mean", call("column", rows, column=column.name))
