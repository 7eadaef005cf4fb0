"""Welch's t-test of two groups: its p-value or its statistic; the method stands in the text."""

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
    """Ask for a test of two groups of one column; the direction stands in the sentence."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    one, other, literals = two_groups(by, rng)
    first, second = values_of(column, one), values_of(column, other)
    samples = f"{column_words(column.name)} in {phrase_of(one)} with {phrase_of(other)}"
    asked, op = rng.choice(
        (
            ("two-sided p-value", "welch_p"),
            ("t statistic (positive if the first mean is the higher one)", "welch_t"),
        )
    )
    return Proposal(
        sentence=f"what is the {asked} of the Welch t-test that compares {samples}",
        readings=(reading(call(op, first, second)),),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="welch_test", propose=propose)
