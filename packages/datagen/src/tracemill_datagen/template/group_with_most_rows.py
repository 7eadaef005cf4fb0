"""The group that has most rows among those that pass a limit.

Two groups of the greatest size refuse the question.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, limited, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the most frequent value of a category under a condition on a quantity."""
    by = one_of(roles.groups, rng)
    rows, limit = limited(TABLE, other_than(roles.measures, by, rng), rng)
    counts = call("group_count", rows, by=by.name)
    return Proposal(
        sentence=f"which value of {column_words(by.name)} occurs most often in {phrase_of(rows)}",
        readings=(Reading(name="only", expression=call("argmax_group", counts)),),
        parameters={"by": by.name, **limit},
    )


TEMPLATE = Template(name="group_with_most_rows", propose=propose)
