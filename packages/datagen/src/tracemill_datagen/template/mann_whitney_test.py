"""The Mann-Whitney test of two groups: its p-value or its U statistic.

The p-value is the normal approximation corrected for ties; whether it is corrected for continuity
too, and whose U is given, is stated wherever it matters.
"""

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
    """Ask for a rank test of two groups of one column."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    one, other, literals = two_groups(by, rng)
    first, second = values_of(column, one), values_of(column, other)
    samples = f"{column_words(column.name)} in {phrase_of(one)} with {phrase_of(other)}"
    start = rng.randrange(2)
    p = call("mann_whitney_p", first, second, continuity="yes")
    u = call("mann_whitney_u", first, second, of="first")
    asked, readings = rng.choice(
        (
            (
                (
                    "two-sided p-value of the Mann-Whitney test (normal approximation, corrected "
                    "for ties)"
                ),
                readings_of(p, "continuity", start=start),
            ),
            ("U statistic of the Mann-Whitney test", readings_of(u, "U", start=start)),
        )
    )
    return Proposal(
        sentence=f"what is the {asked} that compares {samples}",
        readings=readings,
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="mann_whitney_test", propose=propose)
