"""The name of the row with the second or third largest or smallest value.

Ranks that skip places after equal values and ranks that do not name different rows: where two rows
up to the place are equal the table is refused.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.lookup import ordinal
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of

PLACES = (2, 3)


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask which row is at a place of a column's order."""
    key, by, n = one_of(roles.keys, rng), one_of(roles.measures, rng), rng.choice(PLACES)
    word, op = rng.choice((("largest", "name_at_top"), ("smallest", "name_at_bottom")))
    expression = call(op, TABLE, key=key.name, by=by.name, n=n)
    return Proposal(
        sentence=f"which {column_words(key.name)} has the {ordinal(n, word)} "
        f"value of {column_words(by.name)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"key": key.name, "by": by.name, "n": n, "end": word},
    )


TEMPLATE = Template(name="row_at_place", propose=propose)
