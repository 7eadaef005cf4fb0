"""What percentage of a total the groups with the largest parts of it make up together."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, amounts, full, one_of
from tracemill_schema.canonical import Value

SIZES = (2, 3, 5)
"""How many groups are taken; a family of its own asks for one."""


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the share of the top groups in all rows or in the sum of an amount."""
    n = rng.choice(SIZES)
    by = one_of([column for column in full(roles.groups) if len(column.distinct) > n], rng)
    added = [column for column in amounts(sheet, roles) if column.name != by.name]
    literals: dict[str, Value] = {"by": by.name, "n": n}
    if added and rng.random() < 0.7:
        column = rng.choice(added)
        groups = call("group_sum", TABLE, by=by.name, column=column.name)
        most = f"the largest sums of {column_words(column.name)}"
        whole = f"the sum of {column_words(column.name)} over all rows"
        literals = {**literals, "column": column.name}
    else:
        groups = call("group_count", TABLE, by=by.name)
        most, whole = "the most rows", "all rows"
    return Proposal(
        sentence=f"what percentage of {whole} do the {n} values of {column_words(by.name)} with "
        f"{most} make up together",
        readings=(Reading(name="only", expression=call("top_share", groups, n=n)),),
        parameters=literals,
    )


TEMPLATE = Template(name="share_of_total_by_top_groups", propose=propose)
