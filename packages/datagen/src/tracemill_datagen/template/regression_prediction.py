"""What the least-squares line of one column on another gives at a value of the other."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import reading
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.operators.select import threshold
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
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
    """Ask for a prediction inside the range of x."""
    x = one_of(roles.measures, rng)
    y = other_than(roles.measures, x, rng)
    rows, literals = some_rows(roles, rng, apart_from=x)
    at = threshold(x.sorted_values, rng)
    line = (
        f"the least-squares line that predicts {column_words(y.name)} from {column_words(x.name)}"
    )
    where = f"{column_words(x.name)} is {value_words(at)}"
    return Proposal(
        sentence=f"what value does {over_rows(line, rows)} give where {where}",
        readings=(reading(call("prediction", rows, x=x.name, y=y.name, at=at)),),
        parameters={"x": x.name, "y": y.name, "at": at, **literals},
    )


TEMPLATE = Template(name="regression_prediction", propose=propose)
