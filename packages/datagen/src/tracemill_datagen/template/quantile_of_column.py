"""A quantile of a column; the rank is always stated, methods differ in what lies between ranks."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.operators.aggregate import METHODS, QUANTILES, rank_words
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a quantile; the prompt states the rank, and the method wherever it matters."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = call("column", rows, column=column.name)
    q = rng.choice(QUANTILES)
    start = rng.randrange(len(METHODS))
    return Proposal(
        sentence=f"what is the {q} quantile ({rank_words(q)}) of {phrase_of(values)}",
        readings=tuple(
            Reading(
                name=f"method={method}",
                expression=call("quantile", values, q=q, method=method),
                statement=f'Use the method "{method}" between the two nearest ranks.',
                parameters={"method": method},
            )
            for method in (*METHODS[start:], *METHODS[:start])
        ),
        parameters={"column": column.name, "q": q, **literals},
    )


TEMPLATE = Template(name="quantile_of_column", propose=propose)
