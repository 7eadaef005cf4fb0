"""The names of the k rows with the largest values; a cut or an order inside a tie is refused."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.group import TOP_NAMES
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the names of the top rows, in order."""
    key, by, n = one_of(roles.keys, rng), one_of(roles.measures, rng), rng.choice(TOP_NAMES)
    expression = call("top_names", TABLE, key=key.name, by=by.name, n=n)
    return Proposal(
        sentence=f"what are {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"key": key.name, "by": by.name, "n": n},
    )


TEMPLATE = Template(name="top_k_rows", propose=propose)
