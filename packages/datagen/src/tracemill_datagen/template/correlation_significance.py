"""The p-value of the Pearson correlation of two columns."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import reading
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import (
    Template,
    one_of,
    other_than,
    over_rows,
    some_rows,
)


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask how surprising a correlation is; values of 0.0000 and 1.0000 are refused."""
    x = one_of(roles.measures, rng)
    y = other_than(roles.measures, x, rng)
    rows, literals = some_rows(roles, rng, apart_from=x)
    both = f"{column_words(x.name)} and {column_words(y.name)}"
    return Proposal(
        sentence=over_rows(
            f"what is the two-sided p-value of the Pearson correlation between {both}", rows
        ),
        readings=(reading(call("correlation_p", rows, x=x.name, y=y.name)),),
        parameters={"x": x.name, "y": y.name, **literals},
    )


TEMPLATE = Template(name="correlation_significance", propose=propose)
