"""Of the rows with one category, the percentage that has a value of another category.

The whole is all those rows, or those that have a value of the second category. Dividing by the rows
of the second category, or by all rows, answers another question.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.turning import ALL, KNOWN
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, check_crossed, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a row percentage of two categories; the prompt states the denominator if needed."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.groups, by, rng)
    check_crossed(by, column)
    given, value = rng.choice(by.distinct), rng.choice(column.distinct)
    rows = call("filter_equal", TABLE, column=by.name, value=given)
    part = call("count", call("filter_equal", rows, column=column.name, value=value))
    name = column_words(column.name)
    readings = [
        Reading(
            name=ALL,
            expression=call("share", part, call("count", rows)),
            statement=f"Take the percentage of all rows where {column_words(by.name)} is "
            f"{value_words(given)}, those without a value of {name} included.",
        )
    ]
    if column.nulls:
        known = call("count", call("not_null", rows, column=column.name))
        readings.append(
            Reading(
                name=KNOWN,
                expression=call("share", part, known),
                statement="Take the percentage of the rows that have a value of "
                f"{name} among them.",
            )
        )
        rng.shuffle(readings)
    return Proposal(
        sentence=f"of {phrase_of(rows)}, what percentage has {name} equal to {value_words(value)}",
        readings=tuple(readings),
        parameters={"by": by.name, "given": given, "column": column.name, "value": value},
    )


TEMPLATE = Template(name="row_percentage", propose=propose)
