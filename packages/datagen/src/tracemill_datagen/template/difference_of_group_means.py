"""By how much the means of two groups differ, the first minus the second.

The direction stands in the sentence.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, mean_over, one_of, other_than, two_groups


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the difference of two means."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    one, other, literals = two_groups(by, rng)
    left, right = mean_over(one, column), mean_over(other, column)
    return Proposal(
        sentence=f"what is {phrase_of(left)}, minus {phrase_of(right)}",
        readings=(Reading(name="only", expression=call("difference", left, right)),),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="difference_of_group_means", propose=propose)
