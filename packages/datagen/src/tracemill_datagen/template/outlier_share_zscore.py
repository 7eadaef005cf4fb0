"""What percentage of a column's values lies more than k standard deviations from its mean."""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.operators.outlier import DEVIATIONS
from tracemill_datagen.program.proposal import Proposal
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a share of the values; the prompt states ddof where it matters."""
    column, k = one_of(roles.measures, rng), rng.choice(DEVIATIONS)
    outliers = call("z_outlier_rows", TABLE, column=column.name, k=k, ddof=1)
    known = call("not_null", TABLE, column=column.name) if column.nulls else TABLE
    name = column_words(column.name)
    return Proposal(
        sentence=f"what percentage of the values of {name} lies more than {k} standard deviations "
        "from their mean",
        readings=readings_of(
            call("share", call("count", outliers), call("count", known)),
            "ddof",
            start=rng.randrange(2),
        ),
        parameters={"column": column.name, "k": k},
    )


TEMPLATE = Template(name="outlier_share_zscore", propose=propose)
