"""The mean of a quantity that another table has, over the rows of one group.

Each row of the group counts, so a partner that several rows share counts for each of them; rows
without a partner are left out, as the prompt says.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, mean_over, one_of
from tracemill_datagen.template.two_tables import sides


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a mean of what is looked up, over the rows of one group."""
    left, right = sides(sheet, roles)
    column, kind = one_of(right.measures, rng), one_of(left.groups, rng)
    value = rng.choice(kind.distinct)
    rows = call("filter_equal", TABLE, column=kind.name, value=value)
    expression = mean_over(rows, column)
    return Proposal(
        sentence=f"what is {phrase_of(expression)}, each row counted once",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, "where": kind.name, "value": value},
    )


TEMPLATE = Template(name="joined_mean_of_partner", propose=propose, joins=True)
