"""The percentage of rows in a category, of all rows or of those that have a category."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a percentage; the prompt states the denominator wherever it matters."""
    column = one_of(roles.groups, rng)
    value = rng.choice(column.distinct)
    part = call("count", call("filter_equal", TABLE, column=column.name, value=value))
    readings = [
        Reading(
            name="of all rows",
            expression=call("share", part, call("count", TABLE)),
            statement="Take the percentage of all rows, those without a value included.",
        )
    ]
    if column.nulls:
        known = call("count", call("not_null", TABLE, column=column.name))
        readings.append(
            Reading(
                name="of rows with a value",
                expression=call("share", part, known),
                statement="Take the percentage of the rows that have a value in that column.",
            )
        )
        rng.shuffle(readings)
    where = f"{column_words(column.name)} equal to {value_words(value)}"
    return Proposal(
        sentence=f"what percentage of the rows has {where}",
        readings=tuple(readings),
        parameters={"column": column.name, "value": value},
    )


TEMPLATE = Template(name="share_of_category", propose=propose)
