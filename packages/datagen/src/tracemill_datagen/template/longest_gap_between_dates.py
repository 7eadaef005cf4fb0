"""How long the longest gap between neighbouring dates is.

From 1 May to 3 May it is two days, or one day without rows.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.template.family import Template, one_of, over_rows, some_rows
from tracemill_datagen.template.timeline import untimed


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the longest gap in days; the prompt states how days are counted."""
    column = one_of([column for column in roles.dates if irregular(column)], rng)
    rows, literals = some_rows(untimed(roles), rng, apart_from=column)
    gap = call("longest_gap", rows, by=column.name, counted="steps")
    between = call("longest_gap", rows, by=column.name, counted="between")
    readings = [
        Reading(
            name="later date minus earlier date",
            expression=gap,
            statement="Subtract the earlier date from the later one: from 1 May to 3 May it is 2.",
        ),
        Reading(
            name="days without rows",
            expression=between,
            statement="Count the days without rows between them: from 1 May to 3 May it is 1.",
        ),
    ]
    rng.shuffle(readings)
    dates = f"neighbouring dates of {column_words(column.name)}"
    return Proposal(
        sentence=f"how many days long is {over_rows(f'the longest gap between {dates}', rows)}",
        readings=tuple(readings),
        parameters={"by": column.name, **literals},
    )


def irregular(column: SheetColumn) -> bool:
    """Tell whether the longest gap of a column is twice its usual one: no day or month is."""
    days = sorted({str(cell)[:10] for cell in column.distinct})
    gaps = sorted(
        (date.fromisoformat(after) - date.fromisoformat(earlier)).days
        for earlier, after in pairwise(days)
    )
    return bool(gaps) and gaps[-1] >= 2 * gaps[len(gaps) // 2]


TEMPLATE = Template(name="longest_gap_between_dates", propose=propose)
