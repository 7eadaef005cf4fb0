"""By how much the medians of two groups differ, the first minus the second."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than
from tracemill_schema.canonical import Value


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the difference of two medians; the direction stands in the sentence."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    first, second = rng.sample(by.distinct, 2)
    expression = call(
        "difference",
        _median(by.name, first, column.name),
        _median(by.name, second, column.name),
    )
    median = f"the median of {column_words(column.name)} where {column_words(by.name)} is"
    return Proposal(
        sentence=(f"what is {median} {value_words(first)}, minus {median} {value_words(second)}"),
        readings=(Reading(name="only", expression=expression),),
        parameters={"by": by.name, "first": first, "second": second, "column": column.name},
    )


def _median(by: str, value: Value, column: str) -> Expression:
    rows = call("filter_equal", TABLE, column=by, value=value)
    return call("median", call("column", rows, column=column))


TEMPLATE = Template(name="median_difference_of_groups", propose=propose)
