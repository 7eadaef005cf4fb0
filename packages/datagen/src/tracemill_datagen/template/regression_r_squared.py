"""R squared of the simple linear regression of one column on another."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.candidate import is_copy
from tracemill_datagen.convention.catalogue import reading
from tracemill_datagen.errors import Rejected
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
    """Ask how much of y a line in x explains."""
    x = one_of(roles.measures, rng)
    y = other_than(roles.measures, x, rng)
    if is_copy(x, y):
        raise Rejected("linear_function", f"{y.name} is {x.name} in another unit")
    rows, literals = some_rows(roles, rng, apart_from=x)
    both = f"{column_words(y.name)} on {column_words(x.name)}"
    return Proposal(
        sentence=over_rows(f"what is R squared of the simple linear regression of {both}", rows),
        readings=(reading(call("r_squared", rows, x=x.name, y=y.name)),),
        parameters={"x": x.name, "y": y.name, **literals},
    )


TEMPLATE = Template(name="regression_r_squared", propose=propose)
