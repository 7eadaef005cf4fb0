"""Which group has the highest values: by mean, sum, median or largest; it is open."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than

AGGREGATES = ("mean", "sum", "median", "max")


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the best group without saying by what; every aggregate's answer is admissible."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    return Proposal(
        sentence=f"which {column_words(by.name)} has the highest {column_words(column.name)}",
        readings=tuple(
            Reading(
                name=f"by {aggregate}",
                expression=call(
                    "argmax_group",
                    call(f"group_{aggregate}", TABLE, by=by.name, column=column.name),
                ),
            )
            for aggregate in AGGREGATES
        ),
        parameters={"by": by.name, "column": column.name},
        policy="open",
    )


TEMPLATE = Template(name="highest_group", propose=propose)
