"""The mean of a quantity of one table over the rows whose partner in another is of a kind.

Rows without a partner are left out, as the prompt says.
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
    """Ask for a mean over the rows of which the other table says something."""
    left, right = sides(sheet, roles)
    column, kind = one_of(left.measures, rng), one_of(right.groups, rng)
    value = rng.choice(kind.distinct)
    rows = call("filter_equal", TABLE, column=kind.name, value=value)
    expression = mean_over(rows, column)
    return Proposal(
        sentence=f"what is {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, "where": kind.name, "value": value},
    )


TEMPLATE = Template(name="joined_mean_where", propose=propose, joins=True)
