"""By how much the mean of a column exceeds its median, negative where it is below.

A sign of skew that every reader computes alike, but for rows with empty cells elsewhere.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the mean minus the median, over all rows or one group."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = call("column", rows, column=column.name)
    expression = call("difference", call("mean", values), call("median", values))
    return Proposal(
        sentence=f"what is the mean minus the median of {phrase_of(values)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="mean_minus_median", propose=propose)
