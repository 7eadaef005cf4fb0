"""The least-squares line of one column on another: its slope or its intercept."""

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
    """Ask for a coefficient of the line that predicts y from x."""
    x = one_of(roles.measures, rng)
    y = other_than(roles.measures, x, rng)
    rows, literals = some_rows(roles, rng, apart_from=x)
    op = rng.choice(("slope", "intercept"))
    line = (
        f"the least-squares line that predicts {column_words(y.name)} from {column_words(x.name)}"
    )
    return Proposal(
        sentence=over_rows(f"what is the {op} of {line}", rows),
        readings=(reading(call(op, rows, x=x.name, y=y.name)),),
        parameters={"x": x.name, "y": y.name, **literals},
    )


TEMPLATE = Template(name="regression_slope", propose=propose)
