"""How many times the smaller variance of two groups the larger one is; ddof where it matters."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.candidate import values_of
from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than, two_groups


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the ratio of two variances, larger over smaller."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    one, other, literals = two_groups(by, rng)
    first, second = values_of(column, one), values_of(column, other)
    return Proposal(
        sentence=(
            f"of the variance of {column_words(column.name)} over {phrase_of(one)} and that over "
            f"{phrase_of(other)}, what is the larger one divided by the smaller one"
        ),
        readings=readings_of(
            call("variance_ratio", first, second, ddof=1), "ddof", start=rng.randrange(2)
        ),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="variance_ratio_of_groups", propose=propose)
