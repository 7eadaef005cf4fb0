"""Whether two categories are independent: the chi-square test, or Cramer's V.

The continuity correction of a table of two by two is stated wherever it matters.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import reading, readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, check_crossed, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the statistic, the p-value or the strength of an association."""
    x = one_of(roles.groups, rng)
    y = other_than(roles.groups, x, rng)
    check_crossed(x, y)
    both = f"{column_words(x.name)} and {column_words(y.name)}"
    literals = {"x": x.name, "y": y.name}
    asked = rng.choice(("statistic", "p-value", "strength"))
    if asked == "strength":
        sentence = f"what is Cramer's V (without bias correction) of {both}"
        readings: tuple[Reading, ...] = (reading(call("cramer_v", TABLE, **literals)),)
    else:
        sentence = f"what is the {asked} of the chi-square test of independence of {both}"
        op = "chi_square" if asked == "statistic" else "chi_square_p"
        test = call(op, TABLE, **literals, correction="yes")
        readings = readings_of(test, "correction", start=rng.randrange(2))
    return Proposal(sentence=sentence, readings=readings, parameters=literals)


TEMPLATE = Template(name="chi_square_independence", propose=propose)
