"""The group in which a quantity has the largest or smallest standard deviation.

The denominator, n or n - 1, can change the order of groups of different sizes.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the group with an extreme spread; the prompt states ddof if it matters."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    spreads = call("group_std", TABLE, by=by.name, column=column.name, ddof=1)
    word, op = rng.choice((("largest", "argmax_group"), ("smallest", "argmin_group")))
    return Proposal(
        sentence=f"for which value of {column_words(by.name)} is the standard deviation of "
        f"{column_words(column.name)} {word}",
        readings=readings_of(call(op, spreads), "ddof", start=rng.randrange(2)),
        parameters={"by": by.name, "column": column.name, "end": word},
    )


TEMPLATE = Template(name="most_variable_group", propose=propose)
