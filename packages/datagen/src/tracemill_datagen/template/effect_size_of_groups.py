"""Cohen's d of two groups, with the pooled standard deviation; the direction stands in the text."""

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
    """Ask for the standardised difference of two means."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    one, other, literals = two_groups(by, rng)
    first, second = values_of(column, one), values_of(column, other)
    samples = f"{column_words(column.name)} in {phrase_of(one)} against {phrase_of(other)}"
    return Proposal(
        sentence=(
            "what is Cohen's d (first mean minus second, divided by the pooled standard deviation) "
            f"of {samples}"
        ),
        readings=(reading(call("cohen_d", first, second)),),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="effect_size_of_groups", propose=propose)
