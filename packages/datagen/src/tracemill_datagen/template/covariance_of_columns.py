"""The covariance of two columns, of a sample or of a population."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
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
    """Ask for a covariance; the prompt states ddof wherever it matters."""
    x = one_of(roles.measures, rng)
    y = other_than(roles.measures, x, rng)
    rows, literals = some_rows(roles, rng, apart_from=x)
    both = f"{column_words(x.name)} and {column_words(y.name)}"
    covariance = call("covariance", rows, x=x.name, y=y.name, ddof=1)
    return Proposal(
        sentence=over_rows(f"what is the covariance of {both}", rows),
        readings=readings_of(covariance, "ddof", start=rng.randrange(2)),
        parameters={"x": x.name, "y": y.name, **literals},
    )


TEMPLATE = Template(name="covariance_of_columns", propose=propose)
