"""The strongest correlation between two of some columns; the coefficient is stated if needed."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.candidate import alike, listed, sampled, strongest_pair
from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the largest absolute correlation; the sign would tell two pairs apart by chance."""
    first = one_of(roles.measures, rng)
    columns = [first, *sampled(alike(roles.measures, first), rng, least=2, most=4)]
    names = [column.name for column in columns]
    return Proposal(
        sentence=(
            f"what is the largest absolute correlation between two of the columns {listed(names)}"
        ),
        readings=readings_of(
            strongest_pair(columns, "correlation"), "correlation", start=rng.randrange(2)
        ),
        parameters={"columns": list(names)},
    )


TEMPLATE = Template(name="correlation_strongest_pair", propose=propose)
