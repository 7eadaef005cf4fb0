"""In which period a number rises most over the period before: by its amount, or in percent."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.timeline import before, drawn, measured


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the period of the largest rise; the prompt states how rises are compared."""
    time = drawn(sheet, roles, rng)
    measure = measured(time, sheet, roles, rng)
    readings = [
        Reading(
            name="rise by amount",
            expression=call("rise_period", measure.series),
            statement="Compare rises by their amount, not in percent.",
        ),
        Reading(
            name="rise in percent",
            expression=call("growth_period", measure.series),
            statement=f"Compare rises in percent of the {time.noun} before.",
        ),
    ]
    rng.shuffle(readings)
    return Proposal(
        sentence=f"{time.asked} does {measure.words} rise most over {before(time, measure)}",
        readings=tuple(readings),
        parameters=dict(measure.parameters),
    )


TEMPLATE = Template(name="largest_rise_between_periods", propose=propose)
