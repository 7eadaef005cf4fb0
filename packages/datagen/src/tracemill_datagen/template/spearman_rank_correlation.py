"""The strongest Spearman rank correlation between two of some columns.

The *target* is the column that is to be explained. Target excluded looks at pairs of the other
columns only, as one does before a model is built; target included looks at pairs with it as well.
The coefficient is always Spearman's, ties sharing their mean rank: the sentence says so. The prompt
states whether the target counts, or both answers are admissible.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.candidate import alike, listed, sampled, strongest_pair
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the largest absolute rank correlation between two columns."""
    target = one_of(roles.measures, rng)
    others = sampled(alike(roles.measures, target), rng, least=2, most=4)
    word = column_words(target.name)
    excluded = Reading(
        name="target excluded",
        expression=strongest_pair(others, "rank_correlation"),
        statement=f"Leave pairs with {word} out.",
    )
    included = Reading(
        name="target included",
        expression=strongest_pair([*others, target], "rank_correlation"),
        statement=f"Pairs with {word} count as well.",
    )
    names = [column.name for column in others]
    return Proposal(
        sentence=(
            f"of the columns {listed([*names, target.name])}, {word} is to be explained by the "
            "others: what is the largest absolute Spearman rank correlation between two columns"
        ),
        readings=(excluded, included) if rng.random() < 0.5 else (included, excluded),
        parameters={"target": target.name, "columns": [*names, target.name]},
        policy=rng.choice(("stated", "stated", "open")),
    )


TEMPLATE = Template(name="spearman_rank_correlation", propose=propose)
