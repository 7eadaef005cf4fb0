"""How many times as large the standard deviation is in one group as in another.

The two denominators, n and n - 1, do not cancel where the groups differ in size.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than, two_groups


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the quotient of two standard deviations; the prompt states ddof if it matters."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    one, other, literals = two_groups(by, rng)
    left, right = (
        call("std", call("column", rows, column=column.name), ddof=1) for rows in (one, other)
    )
    said = [f"the standard deviation of {phrase_of(part.inputs[0])}" for part in (left, right)]
    return Proposal(
        sentence=f"what is {said[0]}, divided by {said[1]}",
        readings=readings_of(call("ratio", left, right), "ddof", start=rng.randrange(2)),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="spread_ratio_of_groups", propose=propose)
