"""The mean of one quantity over the k rows where it, or another one, is largest.

A cut inside a tie refuses the question: which of the equal rows counts would change the mean.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.rank import TOP_SIZES
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, mean_over, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a mean over the top or bottom rows."""
    by, column = one_of(roles.measures, rng), one_of(roles.measures, rng)
    word, op = rng.choice((("largest", "top_rows"), ("smallest", "bottom_rows")))
    n = rng.choice(TOP_SIZES)
    rows = call(op, TABLE, column=by.name, n=n)
    expression = mean_over(rows, column)
    return Proposal(
        sentence=f"what is {phrase_of(expression)}",
        readings=(Reading(name="only", expression=expression),),
        parameters={"column": column.name, "by": by.name, "n": n, "end": word},
    )


TEMPLATE = Template(name="mean_of_top_rows", propose=propose)
