"""How many groups have a mean above the mean.

Readers compare with the mean over all rows, in which large groups weigh more, or with the mean of
the groups' means.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import reading
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, full, mean_over, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the number of groups above the mean; the prompt states which mean that is."""
    by = one_of(full(roles.groups), rng)
    column = other_than(roles.measures, by, rng)
    means = call("group_mean", TABLE, by=by.name, column=column.name)
    readings = [
        reading(call("groups_above", means, mean_over(TABLE, column)), "mean of all rows"),
        reading(
            call("groups_above", means, call("groups_mean", means)), "mean of the groups' means"
        ),
    ]
    rng.shuffle(readings)
    name = column_words(column.name)
    return Proposal(
        sentence=f"for how many values of {column_words(by.name)} is the mean of {name} above the "
        "overall mean",
        readings=tuple(readings),
        parameters={"by": by.name, "column": column.name},
    )


TEMPLATE = Template(name="groups_above_mean", propose=propose)
