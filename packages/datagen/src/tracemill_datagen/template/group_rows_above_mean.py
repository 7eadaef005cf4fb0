"""How many rows of a group lie above the mean.

Readers take the mean over all rows or over the rows of the group alone.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.template.family import Template, mean_over, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a count above a mean; the prompt states over which rows the mean is taken."""
    by = one_of(roles.groups, rng)
    column, value = other_than(roles.measures, by, rng), rng.choice(by.distinct)
    rows = call("filter_equal", TABLE, column=by.name, value=value)
    readings = [
        Reading(
            name="mean of all rows",
            expression=_above(rows, TABLE, column),
            statement="Take the mean over all rows of the table.",
        ),
        Reading(
            name="mean of the group",
            expression=_above(rows, rows, column),
            statement="Take the mean over the rows of that group only.",
        ),
    ]
    rng.shuffle(readings)
    return Proposal(
        sentence=f"how many of {phrase_of(rows)} have a value of {column_words(column.name)} "
        "above the mean",
        readings=tuple(readings),
        parameters={"by": by.name, "value": value, "column": column.name},
    )


def _above(rows: Expression, compared: Expression, column: SheetColumn) -> Expression:
    mean = mean_over(compared, column)
    return call("count", call("filter_above", rows, mean, column=column.name))


TEMPLATE = Template(name="group_rows_above_mean", propose=propose)
