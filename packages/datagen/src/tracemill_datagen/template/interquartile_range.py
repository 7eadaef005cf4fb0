"""How far the upper quartile of a column lies above the lower one.

The ranks are always stated; methods differ in what lies between ranks.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the interquartile range; the prompt states the method if it matters."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    values = call("column", rows, column=column.name)
    high, low = (call("quantile", values, q=q, method="linear") for q in (0.75, 0.25))
    return Proposal(
        sentence=f"what is the interquartile range of {phrase_of(values)} (the 0.75 quantile minus "
        "the 0.25 quantile; quantile q stands at rank (n - 1) * q of the n sorted values, counted "
        "from 0)",
        readings=readings_of(call("difference", high, low), "quantile", start=rng.randrange(4)),
        parameters={"column": column.name, **literals},
    )


TEMPLATE = Template(name="interquartile_range", propose=propose)
