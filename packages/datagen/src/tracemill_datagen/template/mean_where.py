"""The mean of one quantity over the rows where another one passes a limit.

The condition is strict; rows without a value in either column do not count.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import (
    Template,
    limited,
    mean_over,
    one_of,
    other_than,
    some_rows,
)


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a mean under one condition on another quantity, or one more on a category."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    rows, limit = limited(rows, other_than(roles.measures, column, rng), rng)
    expression = mean_over(rows, column)
    return Proposal(
        sentence=f"what is {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, **literals, **limit},
    )


TEMPLATE = Template(name="mean_where", propose=propose)
