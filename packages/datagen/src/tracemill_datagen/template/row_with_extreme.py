"""The name of the row with the largest or smallest value.

Where two rows share the extreme, readers name the first, the last or both: such a table is refused.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask which row is at an end of a column."""
    key, by = one_of(roles.keys, rng), one_of(roles.measures, rng)
    word, op = rng.choice((("largest", "name_at_top"), ("smallest", "name_at_bottom")))
    expression = call(op, TABLE, key=key.name, by=by.name, n=1)
    return Proposal(
        sentence=f"which {column_words(key.name)} has the {word} value of {column_words(by.name)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"key": key.name, "by": by.name, "end": word},
    )


TEMPLATE = Template(name="row_with_extreme", propose=propose)
