"""Kendall's rank correlation of two columns, tau-b; the method stands in the text."""

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
    """Ask for tau-b, which counts ties."""
    x = one_of(roles.measures, rng)
    y = other_than(roles.measures, x, rng)
    rows, literals = some_rows(roles, rng, apart_from=x)
    both = f"{column_words(x.name)} and {column_words(y.name)}"
    return Proposal(
        sentence=over_rows(f"what is the Kendall rank correlation (tau-b) between {both}", rows),
        readings=(reading(call("kendall_correlation", rows, x=x.name, y=y.name)),),
        parameters={"x": x.name, "y": y.name, **literals},
    )


TEMPLATE = Template(name="kendall_correlation", propose=propose)
