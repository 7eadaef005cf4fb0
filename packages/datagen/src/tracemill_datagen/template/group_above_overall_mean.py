"""A decision: a group's mean against the overall mean says over which rows the answer is taken.

The overall mean is that of all rows, in which large groups weigh more, or that of the groups'
means.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import (
    Template,
    full,
    mean_over,
    one_of,
    other_than,
)


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the median over the branch that the comparison selects; both branches are stated."""
    by = one_of(full(roles.groups), rng)
    column = other_than(roles.measures, by, rng)
    target = one_of([c for c in roles.measures if c.name not in {by.name, column.name}], rng)
    value = rng.choice(by.distinct)
    group = call("filter_equal", TABLE, column=by.name, value=value)
    rest = call("filter_not_equal", TABLE, column=by.name, value=value)
    means = call("group_mean", TABLE, by=by.name, column=column.name)
    overall = {
        "mean of all rows": (mean_over(TABLE, column), "The overall mean is that of all rows."),
        "mean of the groups' means": (
            call("groups_mean", means),
            "The overall mean is the mean of the groups' means, each group counting once.",
        ),
    }
    readings = []
    for name, (limit, statement) in overall.items():
        above = call("is_greater", mean_over(group, column), limit)
        chosen = call("choose_rows", above, group, rest)
        median = call("median", call("column", chosen, column=target.name))
        readings.append(Reading(name=name, expression=median, statement=statement))
    rng.shuffle(readings)
    where = f"the rows where {column_words(by.name)} is {value_words(value)}"
    return Proposal(
        sentence=f"take {where} if their mean of {column_words(column.name)} is above the overall "
        f"mean, otherwise all other rows; what is the median of {column_words(target.name)} over "
        "the rows taken",
        readings=tuple(readings),
        parameters={
            "by": by.name,
            "value": value,
            "column": column.name,
            "target": target.name,
        },
    )


TEMPLATE = Template(name="group_above_overall_mean", propose=propose)
