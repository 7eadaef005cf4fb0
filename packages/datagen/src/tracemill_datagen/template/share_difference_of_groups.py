"""By how many percentage points two groups differ in the share of rows that pass a limit.

A share is of all rows of the group, or of those that have a value in the column.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.turning import ALL, KNOWN
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, limited, one_of, other_than, two_groups


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a difference in percentage points; the prompt states the denominator if needed."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    condition, limit = limited(TABLE, column, rng)
    one, other, literals = two_groups(by, rng)
    readings = [
        Reading(
            name=ALL,
            expression=_points(condition, one, other),
            statement="Take each percentage of all rows of the group.",
        )
    ]
    if column.nulls:
        known = [call("not_null", rows, column=column.name) for rows in (one, other)]
        readings.append(
            Reading(
                name=KNOWN,
                expression=_points(condition, *known),
                statement="Take each percentage of the rows that have a value of "
                f"{column_words(column.name)}.",
            )
        )
        rng.shuffle(readings)
    word = "greater" if condition.op == "filter_greater" else "less"
    group, name = column_words(by.name), column_words(column.name)
    first, second = value_words(literals["first"]), value_words(literals["second"])
    return Proposal(
        sentence=f"of the rows where {group} is {first}, what percentage has {name} {word} than "
        f"{value_words(limit['limit'])}, minus the same percentage of the rows where {group} is "
        f"{second}, in percentage points",
        readings=tuple(readings),
        parameters={**literals, **limit},
    )


def _points(condition: Expression, one: Expression, other: Expression) -> Expression:
    left, right = (
        call("share", call("count", condition.using(rows)), call("count", rows))
        for rows in (one, other)
    )
    return call("difference", left, right)


TEMPLATE = Template(name="share_difference_of_groups", propose=propose)
