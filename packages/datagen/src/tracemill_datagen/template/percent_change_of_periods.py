"""By how many percent a number per period changes from the first period to the last."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.timeline import drawn, measured


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the change as a percentage of the first period's number; a fall is negative."""
    time = drawn(sheet, roles, rng)
    measure = measured(time, sheet, roles, rng)
    return Proposal(
        sentence=f"by what percentage does {measure.words} per {time.per} change from the first "
        f"{time.noun} to the last (as a percentage of the first, negative for a fall)",
        readings=(Reading(name="only", expression=call("percent_change", measure.series)),),
        parameters=dict(measure.parameters),
    )


TEMPLATE = Template(name="percent_change_of_periods", propose=propose)
