"""Which group has the lowest values: by mean, sum, median or smallest.

Of an amount every one of these is meant by somebody, and the question is open. Of a level nobody
takes the sum; the prompt states by what the groups are compared wherever it matters.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts, one_of, other_than


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the lowest group without saying by what."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    added_up = column in amounts(sheet, roles)
    means = call("group_mean", TABLE, by=by.name, column=column.name)
    start = 0 if added_up else rng.choice((0, 2, 3))
    return Proposal(
        sentence=f"which {column_words(by.name)} has the lowest {column_words(column.name)}",
        readings=readings_of(call("argmin_group", means), "lowest", start=start),
        parameters={"by": by.name, "column": column.name},
        policy="open" if added_up else "stated",
    )


TEMPLATE = Template(name="lowest_group", propose=propose)
