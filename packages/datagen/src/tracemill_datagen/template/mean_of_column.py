"""The mean of a column; where cells are empty, of its own cells or of complete rows only."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import Expression, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, some_rows


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the mean of one measure over all rows or one group."""
    column = one_of(roles.measures, rng)
    rows, literals = some_rows(roles, rng, apart_from=column)
    readings = [
        Reading(
            name="cells of the column",
            expression=_mean(rows, column.name),
            # Of a column with empty cells the prompt says so itself.
            statement="" if column.nulls else "Use every row that has a value in that column.",
        )
    ]
    if any(other.nulls for other in sheet.columns):
        complete = _mean(call("complete_rows", rows), column.name)
        readings.append(Reading(name="complete rows", expression=complete))
    return Proposal(
        sentence=f"what is {phrase_of(readings[0].expression)}",
        readings=tuple(readings),
        parameters={"column": column.name, **literals},
    )


def _mean(rows: Expression, column: str) -> Expression:
    return call("mean", call("column", rows, column=column))


TEMPLATE = Template(name="mean_of_column", propose=propose)
