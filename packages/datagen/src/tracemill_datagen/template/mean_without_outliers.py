"""The mean of a column after its outliers by the rule of interquartile ranges are left out."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.outlier import FENCES, RANKS
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import (
    Template,
    mean_over,
    one_of,
    over_rows,
    some_rows,
)


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the mean of what is left; the prompt states the quartiles' method if it matters."""
    column, k = one_of(roles.measures, rng), rng.choice(FENCES)
    rows, literals = some_rows(roles, rng, apart_from=column)
    kept = call("inlier_rows", rows, column=column.name, k=k, method="linear")
    name = over_rows(column_words(column.name), rows)
    on = "" if rows is TABLE else ", on these rows only"
    return Proposal(
        sentence=f"what is the mean of {name} without the values that lie more than {k} times the "
        f"interquartile range below the first quartile or above the third quartile ({RANKS}{on})",
        readings=readings_of(mean_over(kept, column), "quantile", start=rng.randrange(4)),
        parameters={"column": column.name, "k": k, **literals},
    )


TEMPLATE = Template(name="mean_without_outliers", propose=propose)
