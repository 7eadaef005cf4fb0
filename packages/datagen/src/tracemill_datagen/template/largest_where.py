"""The largest or smallest value of a quantity over rows that meet two conditions.

Both conditions are strict and an empty cell meets none; there is one reading.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, limited, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for an extreme under a condition on a category and one on another quantity."""
    column, by = one_of(roles.measures, rng), one_of(roles.groups, rng)
    value = rng.choice(by.distinct)
    rows = call("filter_equal", TABLE, column=by.name, value=value)
    other = one_of([c for c in roles.measures if c.name not in {column.name, by.name}], rng)
    rows, limit = limited(rows, other, rng)
    op = rng.choice(("max", "min"))
    expression = call(op, call("column", rows, column=column.name))
    return Proposal(
        sentence=f"what is {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"end": op, "column": column.name, "where": by.name, "value": value, **limit},
    )


TEMPLATE = Template(name="largest_where", propose=propose)
