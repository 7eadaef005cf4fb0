"""How many times as many rows one group has as another.

Which group is divided by which stands in the sentence.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, two_groups


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the quotient of two counts."""
    by = one_of(roles.groups, rng)
    one, other, literals = two_groups(by, rng)
    if by.present.count(literals["first"]) == by.present.count(literals["second"]):
        raise Rejected("not_applicable", "both groups have as many rows")
    left, right = call("count", one), call("count", other)
    return Proposal(
        sentence=f"what is {phrase_of(left)}, divided by {phrase_of(right)}",
        readings=(Reading(name="only", expression=call("ratio", left, right)),),
        parameters=literals,
    )


TEMPLATE = Template(name="ratio_of_group_sizes", propose=propose)
