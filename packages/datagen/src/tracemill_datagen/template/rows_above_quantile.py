"""How many rows lie above a high quantile of their column.

"Greater than" is strict; where many rows equal the quantile far fewer than a tenth lie above. The
rank is stated; methods differ in what lies between ranks.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.aggregate import rank_words
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the rows above the 0.75 or 0.9 quantile; the prompt states the method if needed."""
    column, q = one_of(roles.measures, rng), rng.choice((0.75, 0.9))
    limit = call("quantile", call("column", TABLE, column=column.name), q=q, method="linear")
    above = call("filter_above", TABLE, limit, column=column.name)
    name = column_words(column.name)
    return Proposal(
        sentence=f"in how many rows is {name} greater than the {q} quantile ({rank_words(q)}) of "
        f"{name}",
        readings=readings_of(call("count", above), "quantile", start=rng.randrange(4)),
        parameters={"column": column.name, "q": q},
    )


TEMPLATE = Template(name="rows_above_quantile", propose=propose)
