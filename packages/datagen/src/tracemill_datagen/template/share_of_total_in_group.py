"""The percentage of a total that falls on one group.

Only amounts are added up; rows without a group are part of the whole, and the sentence says so.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts, one_of, other_than


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a group's part of a sum."""
    by = one_of(roles.groups, rng)
    column, value = other_than(amounts(sheet, roles), by, rng), rng.choice(by.distinct)
    chosen = call("filter_equal", TABLE, column=by.name, value=value)
    part, whole = (
        call("sum", call("column", rows, column=column.name)) for rows in (chosen, TABLE)
    )
    return Proposal(
        sentence=f"what percentage of the sum of {column_words(column.name)} over all rows falls "
        f"on {phrase_of(chosen)}",
        readings=(Reading(name="only", expression=call("share", part, whole)),),
        parameters={"by": by.name, "value": value, "column": column.name},
    )


TEMPLATE = Template(name="share_of_total_in_group", propose=propose)
