"""The percentage of a total that the k largest rows hold.

Only amounts are added up. A cut inside a tie does not change the sum but is refused all the same:
the rows would not be settled.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.rank import TOP_SIZES
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts, one_of


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask how concentrated an amount is."""
    column, n = one_of(amounts(sheet, roles), rng), rng.choice(TOP_SIZES)
    top = call("top_rows", TABLE, column=column.name, n=n)
    part, whole = (call("sum", call("column", rows, column=column.name)) for rows in (top, TABLE))
    name = column_words(column.name)
    return Proposal(
        sentence=f"what percentage of the sum of {name} over all rows do {phrase_of(top)} hold",
        readings=(Reading(name="only", expression=call("share", part, whole)),),
        parameters={"column": column.name, "n": n},
    )


TEMPLATE = Template(name="share_of_top_rows", propose=propose)
