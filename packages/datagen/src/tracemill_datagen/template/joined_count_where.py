"""How many rows of a group have a partner of a kind in another table."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of
from tracemill_datagen.template.two_tables import sides


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a number of rows under a condition on each of the two tables."""
    left, right = sides(sheet, roles)
    own, other = one_of(left.groups, rng), one_of(right.groups, rng)
    first, second = rng.choice(own.distinct), rng.choice(other.distinct)
    rows = call("filter_equal", TABLE, column=own.name, value=first)
    expression = call("count", call("filter_equal", rows, column=other.name, value=second))
    return Proposal(
        sentence=f"what is {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"where": own.name, "value": first, "other": other.name, "second": second},
    )


TEMPLATE = Template(name="joined_count_where", propose=propose, joins=True)
