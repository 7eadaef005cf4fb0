"""The most frequent value of a category; where it is not unique the question is refused."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the mode of a group column."""
    column = one_of(roles.groups, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    expression = call("mode", call("labels", rows, column=column.name))
    return Proposal(
        sentence=f"what is {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="most_frequent_value", propose=propose)
