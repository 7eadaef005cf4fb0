"""How many rows have at least one empty cell, over all rows or one group.

Counting the empty cells of all columns instead counts a row with two of them twice; the sentence
asks for rows.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the rows that a drop of incomplete rows would lose."""
    sparse = [column for column in sheet.columns if column.nulls]
    rows, literals = some_rows(roles, rng, apart_from=one_of(sparse, rng))
    found = call("count", call("incomplete_rows", rows))
    among = "the rows" if rows is TABLE else phrase_of(rows)
    return Proposal(
        sentence=f"how many of {among} have at least one empty cell",
        readings=(Reading(name="only", expression=found),),
        parameters=literals,
    )


TEMPLATE = Template(name="rows_with_empty_cells", propose=propose)
