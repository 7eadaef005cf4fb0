"""By how much the correlation of two columns differs between two groups.

The coefficient is Pearson's or Spearman's; the direction stands in the sentence.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than, two_groups


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the difference of two correlations; the prompt states the coefficient if needed."""
    by = one_of(roles.groups, rng)
    x = other_than(roles.measures, by, rng)
    y = one_of([c for c in roles.measures if c.name not in {x.name, by.name}], rng)
    one, other, literals = two_groups(by, rng)
    left, right = (call("correlation", rows, x=x.name, y=y.name) for rows in (one, other))
    both = f"the correlation between {column_words(x.name)} and {column_words(y.name)}"
    return Proposal(
        sentence=f"what is {both} over {phrase_of(one)}, minus that over {phrase_of(other)}",
        readings=readings_of(
            call("difference", left, right), "correlation", start=rng.randrange(2)
        ),
        parameters={"x": x.name, "y": y.name, **literals},
    )


TEMPLATE = Template(name="correlation_difference_of_groups", propose=propose)
