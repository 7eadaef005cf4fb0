"""What a template family is, and the drawing that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.proposal import Proposal
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
    """

    name: str
    propose: Callable[[Sheet, Roles, Random], Proposal]


def one_of(columns: Sequence[SheetColumn], rng: Random) -> SheetColumn:
    """Draw a column; Rejected ``not_applicable`` if there is none."""
    if not columns:
        raise Rejected("not_applicable", "no column of the kind that is asked for")
    return rng.choice(columns)


def other_than(columns: Sequence[SheetColumn], taken: SheetColumn, rng: Random) -> SheetColumn:
    """Draw another column than ``taken``; Rejected ``not_applicable`` if there is none."""
    return one_of([column for column in columns if column.name != taken.name], rng)


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
