"""The percentage of rows that belong to the most frequent value of a category.

The whole is all rows, or the rows that have a value. Two equally frequent values give one answer.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import reading
from tracemill_datagen.convention.turning import ALL, KNOWN
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the largest group's percentage; the prompt states the denominator if it matters."""
    by = one_of(roles.groups, rng)
    part = call("groups_max", call("group_count", TABLE, by=by.name))
    readings = [reading(call("share", part, call("count", TABLE)), ALL)]
    if by.nulls:
        known = call("count", call("not_null", TABLE, column=by.name))
        readings.insert(0, reading(call("share", part, known), KNOWN))
    return Proposal(
        sentence=f"what percentage of the rows has the most frequent value of "
        f"{column_words(by.name)}",
        readings=tuple(readings),
        parameters={"by": by.name},
    )


TEMPLATE = Template(name="share_of_largest_group", propose=propose)
