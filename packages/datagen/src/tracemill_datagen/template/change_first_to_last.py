"""By how much a number per period changes from the first period to the last."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.timeline import drawn, measured


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the difference of the last and the first period; its sign is stated."""
    time = drawn(sheet, roles, rng)
    measure = measured(time, sheet, roles, rng)
    return Proposal(
        sentence=f"by how much does {measure.words} per {time.per} change from the first "
        f"{time.noun} to the last (the last minus the first)",
        readings=(Reading(name="only", expression=call("change_first_last", measure.series)),),
        parameters=dict(measure.parameters),
    )


TEMPLATE = Template(name="change_first_to_last", propose=propose)
