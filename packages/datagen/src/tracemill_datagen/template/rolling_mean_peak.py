"""Where the rolling mean of a number per period is highest.

A window is named by its last period (as pandas does), by its first or by its middle one.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.operators.series import ENDS
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.timeline import drawn, measured

WINDOWS = (3, 5, 7)
"""Periods in a window: odd numbers, so that each window has a middle."""


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the peak's period; the prompt states which period of the window names it."""
    window = rng.choice(WINDOWS)
    time = drawn(sheet, roles, rng, least=window + 3)
    measure = measured(time, sheet, roles, rng)
    start = rng.randrange(len(ENDS))
    skipped = f", {time.noun}s without rows left out," if measure.skips else ""
    return Proposal(
        sentence=f"{time.asked} is the rolling mean over {window} {time.noun}s{skipped} of "
        f"{measure.words} per {time.noun} highest",
        readings=tuple(
            Reading(
                name=f"window named by its {at}",
                expression=call("rolling_peak", measure.series, window=window, at=at),
                statement=f"Name each window by its {at} {time.noun}.",
                parameters={"at": at},
            )
            for at in (*ENDS[start:], *ENDS[:start])
        ),
        parameters={**measure.parameters, "window": window},
    )


TEMPLATE = Template(name="rolling_mean_peak", propose=propose)
