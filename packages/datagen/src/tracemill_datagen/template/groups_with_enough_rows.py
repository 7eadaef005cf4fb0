"""How many groups have at least so many rows.

"At least" includes the number itself, which is the size of some group, so that the boundary counts.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the number of groups of a size; the size is one that occurs, but not the least."""
    by = one_of(roles.groups, rng)
    sizes = sorted(set(Counter(by.present).values()))
    if len(sizes) < 2:
        raise Rejected("not_applicable", "all groups are of one size")
    n = rng.choice(sizes[1:])
    counts = call("group_count", TABLE, by=by.name)
    return Proposal(
        sentence=f"how many values of {column_words(by.name)} occur in at least {n} rows",
        readings=(Reading(name="only", expression=call("groups_reaching", counts, value=n)),),
        parameters={"by": by.name, "n": n},
    )


TEMPLATE = Template(name="groups_with_enough_rows", propose=propose)
