"""How many rows have one or the other of two values of a category.

An empty cell is neither, so there is one reading.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the rows of two groups together."""
    column = one_of([column for column in roles.groups if len(column.distinct) > 2], rng)
    first, second = rng.sample(column.distinct, 2)
    rows = call("filter_in", TABLE, column=column.name, first=first, second=second)
    return Proposal(
        sentence=f"in how many rows is {column_words(column.name)} {value_words(first)} or "
        f"{value_words(second)}",
        readings=(Reading(name="only", expression=call("count", rows)),),
        parameters={"column": column.name, "first": first, "second": second},
    )


TEMPLATE = Template(name="count_of_two_values", propose=propose)
