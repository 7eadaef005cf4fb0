"""By how much a quantile differs between two groups, the first minus the second.

The rank is always stated; methods differ in what lies between ranks.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.operators.aggregate import QUANTILES, rank_words
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than, two_groups


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the difference of two quantiles; the prompt states the method if it matters."""
    by, q = one_of(roles.groups, rng), rng.choice(QUANTILES)
    column = other_than(roles.measures, by, rng)
    one, other, literals = two_groups(by, rng)
    columns = [call("column", rows, column=column.name) for rows in (one, other)]
    left, right = (call("quantile", values, q=q, method="linear") for values in columns)
    said = [phrase_of(values) for values in columns]
    return Proposal(
        sentence=f"what is the {q} quantile ({rank_words(q)}) of {said[0]}, minus the {q} quantile "
        f"of {said[1]}",
        readings=readings_of(call("difference", left, right), "quantile", start=rng.randrange(4)),
        parameters={"column": column.name, "q": q, **literals},
    )


TEMPLATE = Template(name="quantile_difference_of_groups", propose=propose)
