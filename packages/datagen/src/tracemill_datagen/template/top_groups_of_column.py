"""The k groups with the highest values, in order: by mean, sum, median or largest.

Of an amount every one of these is meant by somebody, and the question is open. Of a level nobody
takes the sum; the prompt states by what the groups are compared wherever it matters. A cut or an
order that falls inside a tie refuses the question.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.group import TOP_GROUPS
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts, one_of, other_than


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the best groups without saying by what."""
    by, n = one_of(roles.groups, rng), rng.choice(TOP_GROUPS)
    column = other_than(roles.measures, by, rng)
    added_up = column in amounts(sheet, roles)
    means = call("group_mean", TABLE, by=by.name, column=column.name)
    start = 0 if added_up else rng.choice((0, 2, 3))
    return Proposal(
        sentence=f"which {n} values of {column_words(by.name)} have the highest "
        f"{column_words(column.name)}, highest first",
        readings=readings_of(call("top_groups", means, n=n), "highest", start=start),
        parameters={"by": by.name, "column": column.name, "n": n},
        policy="open" if added_up else "stated",
    )


TEMPLATE = Template(name="top_groups_of_column", propose=propose)
