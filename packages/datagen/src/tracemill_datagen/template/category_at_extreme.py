"""The category of the row where a quantity is largest or smallest.

It is not the category with the largest mean or sum: the sentence asks for one row, and where
several rows share the extreme it is refused.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a category of the row at an end of a quantity."""
    column = one_of(roles.groups, rng)
    by = other_than(roles.measures, column, rng)
    word, op = rng.choice((("largest", "label_at_top"), ("smallest", "label_at_bottom")))
    expression = call(op, TABLE, column=column.name, by=by.name)
    return Proposal(
        sentence=f"what is the value of {column_words(column.name)} in the single row with the "
        f"{word} {column_words(by.name)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, "by": by.name, "end": word},
    )


TEMPLATE = Template(name="category_at_extreme", propose=propose)
