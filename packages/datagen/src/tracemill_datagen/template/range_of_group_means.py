"""How far the highest mean of a group lies above the lowest.

Groups under 5 rows are refused: their means are chance.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the distance between the ends of the groups' means."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    means = call("group_mean", TABLE, by=by.name, column=column.name)
    group = column_words(by.name)
    return Proposal(
        sentence=f"taking the mean of {column_words(column.name)} for each {group}, what is the "
        "highest of these means minus the lowest",
        readings=(Reading(name="only", expression=call("groups_range", means)),),
        parameters={"by": by.name, "column": column.name},
    )


TEMPLATE = Template(name="range_of_group_means", propose=propose)
