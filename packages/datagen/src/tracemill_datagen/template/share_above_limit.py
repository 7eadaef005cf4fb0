"""The percentage of rows where a quantity passes a limit.

The whole is all rows, or the rows that have a value in the column.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import reading
from tracemill_datagen.convention.turning import ALL, KNOWN
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, limited, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a percentage; the prompt states the denominator wherever it matters."""
    column = one_of(roles.measures, rng)
    chosen, limit = limited(TABLE, column, rng)
    part = call("count", chosen)
    readings = [reading(call("share", part, call("count", TABLE)), ALL)]
    if column.nulls:
        known = call("count", call("not_null", TABLE, column=column.name))
        readings.append(reading(call("share", part, known), KNOWN))
        rng.shuffle(readings)
    word = "greater" if chosen.op == "filter_greater" else "less"
    return Proposal(
        sentence=f"in what percentage of the rows is {column_words(column.name)} {word} than "
        f"{value_words(limit['limit'])}",
        readings=tuple(readings),
        parameters=limit,
    )


TEMPLATE = Template(name="share_above_limit", propose=propose)
