"""How many rows meet a condition on a category and one on a quantity."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.operators.select import threshold
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a count; an empty cell meets no condition, so there is one reading."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    limit = threshold(column.sorted_values, rng)
    op = rng.choice(("filter_greater", "filter_less"))
    chosen = call(op, rows, column=column.name, value=limit)
    return Proposal(
        sentence=f"what is {phrase_of(call('count', chosen))}",
        readings=(Reading(name="only", expression=call("count", chosen)),),
        parameters={"column": column.name, "limit": limit, **literals},
    )


TEMPLATE = Template(name="count_where", propose=propose)
