"""Which group of one table has the highest values in another: by mean, sum, median or largest.

The question is open: every aggregate's answer is admissible.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of
from tracemill_datagen.template.two_tables import sides


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the best group without saying by what."""
    left, right = sides(sheet, roles)
    by, column = one_of(right.groups, rng), one_of(left.measures, rng)
    best = call("argmax_group", call("group_mean", TABLE, by=by.name, column=column.name))
    return Proposal(
        sentence=f"which {column_words(by.name)} has the highest {column_words(column.name)}",
        readings=readings_of(best, "highest"),
        parameters={"by": by.name, "column": column.name},
        policy="open",
    )


TEMPLATE = Template(name="joined_highest_group", propose=propose, joins=True)
