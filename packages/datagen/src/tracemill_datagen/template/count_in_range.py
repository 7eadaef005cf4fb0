"""How many rows have a quantity between two limits.

"Between" counts the limits for most programs (SQL ``BETWEEN``, pandas) and not for many readers.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.select import threshold
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the rows between two limits; the prompt states whether these count if it matters."""
    column = one_of(roles.measures, rng)
    low, high = sorted(threshold(column.sorted_values, rng) for _ in range(2))
    if low == high:
        raise Rejected("not_applicable", "both limits are the same value")
    within = call("filter_between", TABLE, column=column.name, low=low, high=high)
    inside = call("filter_greater", TABLE, column=column.name, value=low)
    inside = call("filter_less", inside, column=column.name, value=high)
    readings = [
        Reading(
            name="limits counted",
            expression=call("count", within),
            statement="Count rows that equal a limit.",
        ),
        Reading(
            name="limits not counted",
            expression=call("count", inside),
            statement="Do not count rows that equal a limit.",
        ),
    ]
    rng.shuffle(readings)
    return Proposal(
        sentence=f"in how many rows is {column_words(column.name)} between {value_words(low)} and "
        f"{value_words(high)}",
        readings=tuple(readings),
        parameters={"column": column.name, "low": low, "high": high},
    )


TEMPLATE = Template(name="count_in_range", propose=propose)
