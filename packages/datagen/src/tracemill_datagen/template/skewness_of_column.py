"""The skewness of a column, of the values as a population or adjusted for a sample."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.candidate import values_of
from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the skewness; the prompt states the definition wherever it matters."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = values_of(column, rows)
    shape = call("skewness", values, definition="population")
    return Proposal(
        sentence=f"what is the skewness of {phrase_of(values)}",
        readings=readings_of(shape, "skewness", start=rng.randrange(2)),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="skewness_of_column", propose=propose)
