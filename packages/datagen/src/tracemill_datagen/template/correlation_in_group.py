"""The correlation of two columns within one group, by Pearson or by Spearman."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.program.wording.wording import phrase_of
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a correlation in a group; the prompt states the coefficient if it matters."""
    by = one_of(roles.groups, rng)
    x = other_than(roles.measures, by, rng)
    y = one_of([c for c in roles.measures if c.name not in {x.name, by.name}], rng)
    value = rng.choice(by.distinct)
    rows = call("filter_equal", TABLE, column=by.name, value=value)
    both = f"{column_words(x.name)} and {column_words(y.name)}"
    return Proposal(
        sentence=f"what is the correlation between {both} over {phrase_of(rows)}",
        readings=readings_of(
            call("correlation", rows, x=x.name, y=y.name), "correlation", start=rng.randrange(2)
        ),
        parameters={"by": by.name, "value": value, "x": x.name, "y": y.name},
    )


TEMPLATE = Template(name="correlation_in_group", propose=propose)
