"""The value of one quantity in the row where another one is largest or smallest.

Where several rows share the extreme there is no one such row, and the question is refused.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a quantity of the row at an end of another one, over all rows or one group."""
    column = one_of(roles.measures, rng)
    by = other_than(roles.measures, column, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    word, op = rng.choice((("largest", "value_at_top"), ("smallest", "value_at_bottom")))
    expression = call(op, rows, column=column.name, by=by.name)
    row = f"the row with the {word} {column_words(by.name)}"
    among = "" if rows is TABLE else f" among {phrase_of(rows)}"
    return Proposal(
        sentence=f"what is the value of {column_words(column.name)} in {row}{among}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, "by": by.name, "end": word, **literals},
    )


TEMPLATE = Template(name="value_at_extreme", propose=propose)
