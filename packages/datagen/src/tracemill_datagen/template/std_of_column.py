"""The standard deviation of a column, of a sample or of a population."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.operators.aggregate import DENOMINATORS
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the standard deviation; the prompt states ddof wherever it matters."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = call("column", rows, column=column.name)
    first = rng.choice((0, 1))
    return Proposal(
        sentence=f"what is the standard deviation of {phrase_of(values)}",
        readings=tuple(
            Reading(
                name=f"ddof={ddof}",
                expression=call("std", values, ddof=ddof),
                statement=f"Use ddof = {ddof} ({DENOMINATORS[ddof]}).",
                parameters={"ddof": ddof},
            )
            for ddof in (first, 1 - first)
        ),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="std_of_column", propose=propose)
