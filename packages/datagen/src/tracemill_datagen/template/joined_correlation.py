"""How a quantity of one table goes with one of another, row by row: by Pearson or by ranks."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of
from tracemill_datagen.template.two_tables import sides


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a correlation over the joined rows; the coefficient is stated where it matters."""
    left, right = sides(sheet, roles)
    x, y = one_of(left.measures, rng), one_of(right.measures, rng)
    return Proposal(
        sentence=f"what is the correlation between {column_words(x.name)} and "
        f"{column_words(y.name)} over the joined rows",
        readings=readings_of(
            call("correlation", TABLE, x=x.name, y=y.name), "correlation", start=rng.randrange(2)
        ),
        parameters={"x": x.name, "y": y.name},
    )


TEMPLATE = Template(name="joined_correlation", propose=propose, joins=True)
