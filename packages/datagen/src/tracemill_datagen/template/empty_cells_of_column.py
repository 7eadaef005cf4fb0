"""How many cells of a column are empty.

What counts as empty was settled when the table was read; there is one reading.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(sheet: Sheet, _: Roles, rng: Random) -> Proposal:
    """Ask for the number of empty cells; only of a column that has some."""
    column = one_of([column for column in sheet.columns if column.nulls and column.present], rng)
    empty = call("empty_rows", TABLE, column=column.name)
    return Proposal(
        sentence=f"in how many rows is {column_words(column.name)} empty",
        readings=(Reading(name="only", expression=call("count", empty)),),
        parameters={"column": column.name},
    )


TEMPLATE = Template(name="empty_cells_of_column", propose=propose)
