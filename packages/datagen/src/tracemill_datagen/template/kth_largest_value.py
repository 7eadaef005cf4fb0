"""The second to fifth largest or smallest value of a column.

Readers who sort the cells count equal values one by one; readers who sort the different values (SQL
``DISTINCT``, dense ranks) count them once.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.operators.lookup import DIFFERENT, EVERY_ROW, ordinal
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, over_rows, some_rows

PLACES = (2, 3, 4, 5)
SAID = {EVERY_ROW: "one by one", DIFFERENT: "once"}


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the value at a place; the prompt states how equal values count if it matters."""
    column, n = one_of(roles.measures, rng), rng.choice(PLACES)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = call("column", rows, column=column.name)
    word = rng.choice(("largest", "smallest"))
    ways = rng.sample((EVERY_ROW, DIFFERENT), 2)
    name = over_rows(column_words(column.name), rows)
    return Proposal(
        sentence=f"what is the {ordinal(n, word)} value of {name}",
        readings=tuple(
            Reading(
                name=f"ties: {ties}",
                expression=call(f"kth_{word}", values, n=n, ties=ties),
                statement=f"Count equal values {SAID[ties]}.",
                parameters={"ties": SAID[ties]},
            )
            for ties in ways
        ),
        parameters={"column": column.name, "n": n, "end": word, **literals},
    )


TEMPLATE = Template(name="kth_largest_value", propose=propose)
