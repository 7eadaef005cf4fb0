"""Which group has the second highest values: by mean, sum, median or largest.

Of an amount every one of these is meant by somebody, and the question is open. Of a level nobody
takes the sum; the prompt states by what the groups are compared wherever it matters.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import reading
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts, one_of, other_than


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the second group without saying by what."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    added_up = column in amounts(sheet, roles)
    names = ["mean", "sum", "median", "max"] if added_up else ["mean", "median", "max"]
    if not added_up:
        rng.shuffle(names)
    return Proposal(
        sentence=f"which {column_words(by.name)} has the second highest "
        f"{column_words(column.name)}",
        readings=tuple(
            reading(
                call(
                    "second_group",
                    call(f"group_{name}", TABLE, by=by.name, column=column.name),
                ),
                f"by {name}",
            )
            for name in names
        ),
        parameters={"by": by.name, "column": column.name},
        policy="open" if added_up else "stated",
    )


TEMPLATE = Template(name="second_highest_group", propose=propose)
