"""The sum of an amount over the rows where another quantity passes a limit.

Rates, prices and temperatures are not added up; an empty cell adds nothing under every convention.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import (
    Template,
    amounts,
    limited,
    one_of,
    other_than,
    some_rows,
)


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a sum under one condition on another quantity, or one more on a category."""
    column = one_of(amounts(sheet, roles), rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    rows, limit = limited(rows, other_than(roles.measures, column, rng), rng)
    expression = call("sum", call("column", rows, column=column.name))
    return Proposal(
        sentence=f"what is {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, **literals, **limit},
    )


TEMPLATE = Template(name="sum_where", propose=propose)
