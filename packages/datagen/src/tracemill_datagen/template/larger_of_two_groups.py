"""A decision: which of two groups has the larger mean or more rows says which one is described."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import (
    Template,
    mean_over,
    one_of,
    other_than,
    two_groups,
)


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a mean over the one of two groups that a comparison selects."""
    by = one_of(roles.groups, rng)
    target = other_than(roles.measures, by, rng)
    first, second, literals = two_groups(by, rng)
    others = [column for column in roles.measures if column.name not in {by.name, target.name}]
    if others and rng.random() < 0.7:
        column = rng.choice(others)
        larger = call("is_greater", mean_over(first, column), mean_over(second, column))
        says = f"the higher mean of {column_words(column.name)}"
        literals = {**literals, "column": column.name}
    else:
        larger = call("is_greater", call("count", first), call("count", second))
        says = "more rows"
    name, one, other = (
        column_words(by.name),
        value_words(literals["first"]),
        value_words(literals["second"]),
    )
    return Proposal(
        sentence=f"of the group where {name} is {one} and the group where {name} is {other}, take "
        f"the one with {says}; what is the mean of {column_words(target.name)} in it",
        readings=(
            Reading(
                name="only",
                expression=mean_over(call("choose_rows", larger, first, second), target),
            ),
        ),
        parameters={**literals, "target": target.name},
    )


TEMPLATE = Template(name="larger_of_two_groups", propose=propose)
