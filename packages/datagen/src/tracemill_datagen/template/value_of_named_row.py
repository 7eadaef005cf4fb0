"""The value that a column has in the row of a name.

Names are taken from columns that name every row differently, so that there is one reading.
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
    """Ask for one cell, a quantity or a category."""
    key = one_of(roles.keys, rng)
    quantity = bool(roles.measures) and (not roles.groups or rng.random() < 0.5)
    column = one_of(roles.measures if quantity else roles.groups, rng)
    name = rng.choice(key.present)
    op = "value_of_row" if quantity else "label_of_row"
    expression = call(op, TABLE, key=key.name, value=name, column=column.name)
    where = f"the row where {column_words(key.name)} is {value_words(name)}"
    return Proposal(
        sentence=f"what is the value of {column_words(column.name)} in {where}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"key": key.name, "value": name, "column": column.name},
    )


TEMPLATE = Template(name="value_of_named_row", propose=propose)
