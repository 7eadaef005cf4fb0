"""How many different values a category has.

Some count empty cells as one value more (pandas with ``dropna=False``, a set in Python), some do
not (SQL, pandas by default).
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the number of different values, over all rows or one group."""
    column = one_of(roles.groups, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = call("labels", rows, column=column.name)
    among = "" if rows is TABLE else f" in {phrase_of(rows)}"
    return Proposal(
        sentence=f"how many different values does {column_words(column.name)} have{among}",
        readings=readings_of(call("distinct_count", values), "empty value"),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="distinct_values", propose=propose)
