"""The group that has the fewest rows.

Two groups of the least size refuse the question; a group without any row is none.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the rarest value of a category."""
    by = one_of(roles.groups, rng)
    counts = call("group_count", TABLE, by=by.name)
    return Proposal(
        sentence=f"which value of {column_words(by.name)} occurs in the fewest rows",
        readings=(Reading(name="only", expression=call("argmin_group", counts)),),
        parameters={"by": by.name},
    )


TEMPLATE = Template(name="group_with_fewest_rows", propose=propose)
