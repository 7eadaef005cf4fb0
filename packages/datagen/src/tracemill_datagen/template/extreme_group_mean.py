"""The highest or lowest mean that any group has.

Asked is the number and not the group, so that a tie does not matter. Groups under 5 rows are
refused: their means are chance.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for an end of the groups' means."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    means = call("group_mean", TABLE, by=by.name, column=column.name)
    word, op = rng.choice((("highest", "groups_max"), ("lowest", "groups_min")))
    return Proposal(
        sentence=f"taking the mean of {column_words(column.name)} for each "
        f"{column_words(by.name)}, what is the {word} of these means",
        readings=(Reading(name="only", expression=call(op, means)),),
        parameters={"by": by.name, "column": column.name, "end": word},
    )


TEMPLATE = Template(name="extreme_group_mean", propose=propose)
