"""How many rows have one value of a category and one of another.

An empty cell is equal to no value, so there is one reading.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, check_crossed, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for one cell of the table of two categories."""
    first = one_of(roles.groups, rng)
    second = other_than(roles.groups, first, rng)
    check_crossed(first, second)
    one, two = rng.choice(first.distinct), rng.choice(second.distinct)
    rows = call("filter_equal", TABLE, column=first.name, value=one)
    rows = call("filter_equal", rows, column=second.name, value=two)
    expression = call("count", rows)
    return Proposal(
        sentence=f"in how many rows is {column_words(first.name)} {value_words(one)} and "
        f"{column_words(second.name)} {value_words(two)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"x": first.name, "x_value": one, "y": second.name, "y_value": two},
    )


TEMPLATE = Template(name="count_in_cell", propose=propose)
