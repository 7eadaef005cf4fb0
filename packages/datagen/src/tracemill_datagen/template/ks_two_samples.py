"""How far the distributions of two groups are apart, by Kolmogorov and Smirnov."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.candidate import values_of
from tracemill_datagen.convention.catalogue import reading
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than, two_groups


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the two-sample statistic, which has one definition."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    one, other, literals = two_groups(by, rng)
    first, second = values_of(column, one), values_of(column, other)
    samples = f"{column_words(column.name)} in {phrase_of(one)} with {phrase_of(other)}"
    return Proposal(
        sentence=f"what is the two-sample Kolmogorov-Smirnov statistic that compares {samples}",
        readings=(reading(call("ks_distance", first, second)),),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="ks_two_samples", propose=propose)
