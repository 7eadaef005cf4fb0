"""The median of one quantity over the rows where another one passes a limit.

Of an even number of values it is the mean of the two middle ones, as in every question: what takes
one of the two has another name (``median_low``, ``PERCENTILE_DISC``).
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, limited, one_of, other_than, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a median under a condition."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    rows, limit = limited(rows, other_than(roles.measures, column, rng), rng)
    values = call("column", rows, column=column.name)
    expression = call("median", values)
    return Proposal(
        sentence=f"what is {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, **literals, **limit},
    )


TEMPLATE = Template(name="median_where", propose=propose)
