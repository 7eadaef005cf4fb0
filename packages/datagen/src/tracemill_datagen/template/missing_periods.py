"""How many days or months between the first and the last date have no rows."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, some_rows
from tracemill_datagen.template.timeline import drawn, untimed


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for what is missing; both ends have rows, so whether they are counted is the same."""
    time = drawn(sheet, roles, rng, units=("day", "month"))
    column = time.column
    rows, literals = some_rows(untimed(roles), rng, apart_from=column)
    among = f"among {phrase_of(rows)}, " if literals else ""
    missing = call("missing_periods", rows, by=column.name, unit=time.unit)
    return Proposal(
        sentence=f"{among}how many calendar {time.noun}s between the earliest and the latest "
        f"{column_words(column.name)} have no rows",
        readings=(Reading(name="only", expression=missing),),
        parameters={"by": column.name, "unit": time.unit, **literals},
    )


TEMPLATE = Template(name="missing_periods", propose=propose)
