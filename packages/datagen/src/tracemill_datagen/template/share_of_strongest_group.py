"""The percentage of a total that falls on the group with the largest sum.

Only amounts are added up; rows without a group are part of the whole, and the sentence says so.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts, one_of, other_than


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the largest group's part of a sum."""
    by = one_of(roles.groups, rng)
    column = other_than(amounts(sheet, roles), by, rng)
    sums = call("group_sum", TABLE, by=by.name, column=column.name)
    whole = call("sum", call("column", TABLE, column=column.name))
    name = column_words(column.name)
    return Proposal(
        sentence=f"what percentage of the sum of {name} over all rows falls on the value of "
        f"{column_words(by.name)} with the largest sum of {name}",
        readings=(Reading(name="only", expression=call("share", call("groups_max", sums), whole)),),
        parameters={"by": by.name, "column": column.name},
    )


TEMPLATE = Template(name="share_of_strongest_group", propose=propose)
