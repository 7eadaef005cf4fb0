"""How many periods are higher than the one before."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.timeline import before, drawn, measured


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a count of rises; equal neighbours are no rise in any reading."""
    time = drawn(sheet, roles, rng)
    measure = measured(time, sheet, roles, rng)
    return Proposal(
        sentence=f"taking {measure.words} per {time.per}, how many {time.noun}s are higher than "
        f"{before(time, measure)}",
        readings=(Reading(name="only", expression=call("rises", measure.series)),),
        parameters=dict(measure.parameters),
    )


TEMPLATE = Template(name="periods_that_rose", propose=propose)
