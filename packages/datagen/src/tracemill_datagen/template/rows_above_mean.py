"""How many rows lie above or below the mean of their column.

"Above" is strict. A row that equals the mean up to rounding noise refuses the question.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, mean_over, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the rows above the mean; in a skewed column that is far from half of them."""
    column = one_of(roles.measures, rng)
    above = call("filter_above", TABLE, mean_over(TABLE, column), column=column.name)
    name = column_words(column.name)
    return Proposal(
        sentence=f"in how many rows is {name} greater than the mean of {name} over all rows",
        readings=(Reading(name="only", expression=call("count", above)),),
        parameters={"column": column.name},
    )


TEMPLATE = Template(name="rows_above_mean", propose=propose)
