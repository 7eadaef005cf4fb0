"""By how much the correlation of two columns changes in one group of rows.

The *target* is the group. The correlation among its rows is compared with the one in the table:
target excluded takes the rows of all other groups for the table, target included takes all rows.
The coefficient is Pearson's, Spearman's or Kendall's. All six combinations are enumerated; the
prompt states one, or all of their answers are admissible. Where the table is too long for Kendall's
to be confirmed the question is never open.
"""

from __future__ import annotations

from itertools import product
from random import Random

from tracemill_datagen.convention.catalogue import OPTIONS
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.regression import MAX_RANKED
from tracemill_datagen.program.proposal import Policy, Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than

TARGETS = {
    "target excluded": "For the table, take the rows with another value of {by} only.",
    "target included": "For the table, take all rows, those with that value of {by} included.",
}
COEFFICIENTS = {
    "Pearson": "correlation",
    "Spearman": "rank_correlation",
    "Kendall": "kendall_correlation",
}


def propose(sheet: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the correlation in a group minus that in the table."""
    by = one_of(roles.groups, rng)
    x = other_than(roles.measures, by, rng)
    y = one_of([c for c in roles.measures if c.name not in {x.name, by.name}], rng)
    value = rng.choice(by.distinct)
    group = call("filter_equal", TABLE, column=by.name, value=value)
    others = call("filter_not_equal", TABLE, column=by.name, value=value)
    rest = {"target excluded": others, "target included": TABLE}
    kinds = rng.sample(sorted(COEFFICIENTS), 3)
    policies: tuple[Policy, ...] = ("stated", "open")
    readings = tuple(
        Reading(
            name=f"{kind}, {side}",
            expression=call(
                "difference",
                *(
                    call(COEFFICIENTS[kind], rows, x=x.name, y=y.name)
                    for rows in (group, rest[side])
                ),
            ),
            statement=f"{TARGETS[side].format(by=column_words(by.name))} {OPTIONS[kind].statement}",
        )
        for kind, side in product(kinds, rng.sample(sorted(rest), 2))
    )
    both = f"{column_words(x.name)} and {column_words(y.name)}"
    where = f"the rows where {column_words(by.name)} is {value_words(value)}"
    return Proposal(
        sentence=(
            f"what is the correlation between {both} in {where}, "
            "minus the correlation between them in the table"
        ),
        readings=readings,
        parameters={"x": x.name, "y": y.name, "by": by.name, "value": value},
        policy=rng.choice(policies if sheet.rows <= MAX_RANKED else policies[:1]),
    )


TEMPLATE = Template(name="correlation_change_analysis", propose=propose)
