"""Which of some columns is farthest from a normal distribution, and how far.

The distance is the Kolmogorov-Smirnov statistic against the normal distribution with the column's
own mean and standard deviation; the sentence says so. No p-value is asked for, as the usual tables
are wrong where mean and deviation are fitted. The *target* is the column that is to be explained:
target included looks at it like at the others, target excluded does not. Whether the deviation
divides by n - 1 or by n is a convention of the catalogue (``ddof``): ``settle`` enumerates it and
states it where it matters.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.candidate import joined, listed, sampled, values_of
from tracemill_datagen.program.draft import call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the column that is farthest from normal, or for its distance."""
    target = one_of(roles.measures, rng)
    rest = [column for column in roles.measures if column.name != target.name]
    others = sampled(rest, rng, least=2, most=4)
    named, word = rng.random() < 0.5, column_words(target.name)
    pools = {"target excluded": others, "target included": [*others, target]}
    readings = tuple(
        _reading(pools[side], side, word=word, named=named) for side in rng.sample(sorted(pools), 2)
    )
    names = [*(column.name for column in others), target.name]
    asked = "which column is farthest from" if named else "how far is the farthest column from"
    return Proposal(
        sentence=(
            f"of the columns {listed(names)}, {word} is to be explained by the others: {asked} a "
            "normal distribution, by the Kolmogorov-Smirnov statistic of the column against the "
            "normal distribution with its own mean and standard deviation"
        ),
        readings=readings,
        parameters={"target": target.name, "columns": names},
        policy=rng.choice(("stated", "stated", "open")),
    )


def _reading(pool: list[SheetColumn], side: str, *, word: str, named: bool) -> Reading:
    distances = joined(
        [
            call("named", call("ks_normal", values_of(column), ddof=1), x=column.name)
            for column in pool
        ]
    )
    counts = "counts as well" if side == "target included" else "does not count"
    return Reading(
        name=side,
        expression=call("argmax_group" if named else "groups_max", distances),
        statement=f"The column {word} {counts}.",
    )


TEMPLATE = Template(name="ks_normality_test", propose=propose)
