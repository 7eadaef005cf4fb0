"""How many rows have another category than the one named.

Rows without a category are counted by pandas (a missing value is unequal to everything) and not
counted by SQL (it is neither equal nor unequal).
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the rows of all other categories; the prompt says what becomes of empty cells."""
    column = one_of([column for column in roles.groups if len(column.distinct) > 2], rng)
    value = rng.choice(column.distinct)
    others = call("filter_not_equal", TABLE, column=column.name, value=value)
    inside = call("count", call("filter_equal", TABLE, column=column.name, value=value))
    readings = [
        Reading(
            name="empty cells not counted",
            expression=call("count", others),
            statement="Do not count rows where that column is empty.",
        )
    ]
    if column.nulls:
        with_empty = call("difference", call("count", TABLE), inside)
        readings.append(Reading(name="empty cells counted", expression=with_empty))
    return Proposal(
        sentence=f"in how many rows is {column_words(column.name)} not {value_words(value)}",
        readings=tuple(readings),
        parameters={"column": column.name, "value": value},
    )


TEMPLATE = Template(name="count_not_in_category", propose=propose)
