"""The correlation of two columns, by Pearson or by Spearman."""

from __future__ import annotations

from random import Random

from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a correlation; the prompt states the coefficient wherever it matters."""
    x = one_of(roles.measures, rng)
    y = other_than(roles.measures, x, rng)
    pearson = Reading(
        name="Pearson",
        expression=call("correlation", TABLE, x=x.name, y=y.name),
        statement="Use Pearson's coefficient.",
    )
    spearman = Reading(
        name="Spearman",
        expression=call("rank_correlation", TABLE, x=x.name, y=y.name),
        statement="Use Spearman's rank coefficient, ties sharing their mean rank.",
    )
    both = f"{column_words(x.name)} and {column_words(y.name)}"
    return Proposal(
        sentence=f"what is the correlation between {both}",
        readings=(pearson, spearman) if rng.random() < 0.5 else (spearman, pearson),
        parameters={"x": x.name, "y": y.name},
    )


TEMPLATE = Template(name="correlation_of_columns", propose=propose)
