"""How many times as large an amount is in one group as in another.

Only amounts are added up; which group is divided by which stands in the sentence.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts, one_of, other_than, two_groups


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the quotient of two sums."""
    by = one_of(roles.groups, rng)
    column = other_than(amounts(sheet, roles), by, rng)
    one, other, literals = two_groups(by, rng)
    left, right = (call("sum", call("column", rows, column=column.name)) for rows in (one, other))
    return Proposal(
        sentence=f"what is {phrase_of(left)}, divided by {phrase_of(right)}",
        readings=(Reading(name="only", expression=call("ratio", left, right)),),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="ratio_of_group_sums", propose=propose)
