"""Which percentage of the rows of one table has a partner of a kind in another."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of
from tracemill_datagen.template.two_tables import sides


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a share; of which rows it is taken is stated where it matters."""
    _, right = sides(sheet, roles)
    kind = one_of(right.groups, rng)
    value = rng.choice(kind.distinct)
    part = call("count", call("filter_equal", TABLE, column=kind.name, value=value))
    share = call("share", part, call("count", TABLE))
    return Proposal(
        sentence=f"in what percentage of the joined rows is {column_words(kind.name)} "
        f"{value_words(value)}",
        readings=readings_of(share, "denominator"),
        parameters={"where": kind.name, "value": value},
    )


TEMPLATE = Template(name="joined_share_of_category", propose=propose, joins=True)
