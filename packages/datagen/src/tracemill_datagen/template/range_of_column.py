"""How far the largest value of a column lies above its smallest, over all rows or one group.

There is one reading: some programs say "range" for the pair of both ends, so the word is not used.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, over_rows, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the largest minus the smallest value."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = call("column", rows, column=column.name)
    expression = call("difference", call("max", values), call("min", values))
    name = over_rows(column_words(column.name), rows)
    return Proposal(
        sentence=f"what is the difference between the largest and the smallest value of {name}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="range_of_column", propose=propose)
