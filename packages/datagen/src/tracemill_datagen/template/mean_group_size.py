"""How many rows a group has on average.

Rows without a group are in none: dividing all rows by the number of groups counts them.
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
    """Ask for the mean number of rows a group; the prompt says what becomes of empty cells."""
    by = one_of(roles.groups, rng)
    groups = call("distinct_count", call("labels", TABLE, column=by.name))
    known = call("groups_mean", call("group_count", TABLE, by=by.name))
    readings = [
        Reading(
            name="rows with a value",
            expression=known,
            statement="Count only rows that have a value in that column.",
        )
    ]
    if by.nulls:
        all_rows = call("ratio", call("count", TABLE), groups)
        readings.append(Reading(name="all rows", expression=all_rows))
    return Proposal(
        sentence=f"in how many rows does a value of {column_words(by.name)} occur on average",
        readings=tuple(readings),
        parameters={"by": by.name},
    )


TEMPLATE = Template(name="mean_group_size", propose=propose)
