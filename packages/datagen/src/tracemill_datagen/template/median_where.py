"""The median of one quantity over the rows where another one passes a limit.

Of an even number of values most take the mean of the two middle ones; Python's ``median_low`` and
``median_high`` and some databases (``PERCENTILE_DISC``) take one of the two.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, limited, one_of, other_than, some_rows

MIDDLES = (
    ("mean of the two middle values", "take the mean of the two middle ones"),
    ("lower of the two middle values", "take the lower of the two middle ones"),
    ("higher of the two middle values", "take the higher of the two middle ones"),
)


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a median; the prompt states what the middle of an even number is if it matters."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    rows, limit = limited(rows, other_than(roles.measures, column, rng), rng)
    values = call("column", rows, column=column.name)
    expressions = (
        call("median", values),
        call("quantile", values, q=0.5, method="lower"),
        call("quantile", values, q=0.5, method="higher"),
    )
    return Proposal(
        sentence=f"what is {phrase_of(expressions[0])}",
        readings=tuple(
            Reading(
                name=name,
                expression=expression,
                statement=f"Of an even number of values, {says}.",
            )
            for (name, says), expression in zip(MIDDLES, expressions, strict=True)
        ),
        parameters={"column": column.name, **literals, **limit},
    )


TEMPLATE = Template(name="median_where", propose=propose)
