"""The two values of two categories that occur together most often.

Rows where either is empty have no combination; two equally frequent ones refuse the question.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, check_crossed, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the fullest cell of the table of two categories."""
    first = one_of(roles.groups, rng)
    # Texts and numbers do not stand in one list: "3" would have to be told from 3.
    alike = [column for column in roles.groups if column.numeric == first.numeric]
    second = other_than(alike, first, rng)
    check_crossed(first, second)
    expression = call("most_common_pair", TABLE, x=first.name, y=second.name)
    names = f"{column_words(first.name)} and {column_words(second.name)}"
    return Proposal(
        sentence=f"which combination of {names} occurs most often, the value of "
        f"{column_words(first.name)} first",
        readings=(Reading(name="only", expression=expression),),
        parameters={"x": first.name, "y": second.name},
    )


TEMPLATE = Template(name="most_common_combination", propose=propose)
