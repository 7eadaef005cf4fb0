"""The standard deviation of a column divided by its mean.

Defined for quantities above zero; the standard deviation is that of a sample or of a population.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, least_of, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a relative spread; the prompt states ddof if it matters."""
    positive = [column for column in roles.proportional if least_of(column) > 0]
    column = one_of([column for column in positive if column.unit not in {"°C", "°F"}], rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = call("column", rows, column=column.name)
    expression = call("ratio", call("std", values, ddof=1), call("mean", values))
    return Proposal(
        sentence="what is the coefficient of variation (standard deviation divided by mean) of "
        f"{phrase_of(values)}",
        readings=readings_of(expression, "ddof", start=rng.randrange(2)),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="coefficient_of_variation", propose=propose)
