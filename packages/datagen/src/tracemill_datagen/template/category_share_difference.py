"""By how many percentage points two groups differ in the share of a category.

A share is of all rows of the group, or of those that have a value of the category.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.turning import ALL, KNOWN
from tracemill_datagen.program.draft import Expression, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.template.family import (
    Template,
    check_crossed,
    one_of,
    other_than,
    two_groups,
)
from tracemill_schema.canonical import Value


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a difference of two row percentages; the prompt states the denominator if needed."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.groups, by, rng)
    check_crossed(by, column)
    value = rng.choice(column.distinct)
    one, other, literals = two_groups(by, rng)
    name, group = column_words(column.name), column_words(by.name)
    readings = [
        Reading(
            name=ALL,
            expression=_points(column, value, one, other, known=False),
            statement="Take each percentage of all rows of the group.",
        )
    ]
    if column.nulls:
        readings.append(
            Reading(
                name=KNOWN,
                expression=_points(column, value, one, other, known=True),
                statement=f"Take each percentage of the rows that have a value of {name}.",
            )
        )
        rng.shuffle(readings)
    first, second = value_words(literals["first"]), value_words(literals["second"])
    return Proposal(
        sentence=f"of the rows where {group} is {first}, what percentage has {name} equal to "
        f"{value_words(value)}, minus the same percentage of the rows where {group} is {second}, "
        "in percentage points",
        readings=tuple(readings),
        parameters={**literals, "column": column.name, "value": value},
    )


def _points(
    column: SheetColumn, value: Value, one: Expression, other: Expression, *, known: bool
) -> Expression:
    def share(rows: Expression) -> Expression:
        part = call("count", call("filter_equal", rows, column=column.name, value=value))
        whole = call("not_null", rows, column=column.name) if known else rows
        return call("share", part, call("count", whole))

    return call("difference", share(one), share(other))


TEMPLATE = Template(name="category_share_difference", propose=propose)
