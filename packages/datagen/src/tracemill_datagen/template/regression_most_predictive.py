"""Which of some columns predicts another one best, and how well.

The *target* is the column that is predicted. Some tables hold it twice, in two units: a column that
is a linear function of the target (R squared above 1 - 1e-9) predicts it perfectly and says
nothing. Target excluded leaves such copies out, target included lets them count; where there is
none, both agree. "Best" is enumerated: by R squared of the simple linear regression, or by the
absolute Spearman rank correlation. How well is always asked for as R squared.
"""

from __future__ import annotations

from itertools import product
from random import Random

from tracemill_datagen.convention.candidate import (
    alike,
    distinct_readings,
    is_copy,
    joined,
    listed,
    sampled,
)
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.proposal import Policy, Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.template.family import Template, one_of

MEASURES = {
    "by R squared": "Judge by R squared of the simple linear regression on the column.",
    "by rank correlation": "Judge by the absolute Spearman rank correlation with the column.",
}


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the best predictor, or for R squared of the regression on it."""
    target = one_of(roles.measures, rng)
    candidates = sampled(alike(roles.measures, target), rng, least=2, most=5)
    named = rng.random() < 0.6
    copies = [column.name for column in candidates if is_copy(column, target)]
    counted = [column for column in candidates if column.name not in copies]
    pools = {"target included": candidates, "target excluded": counted if copies else candidates}
    policy: Policy = rng.choice(("stated", "open")) if named else "stated"
    # In an open question R squared comes first: a rank correlation that comes first is stated.
    measures = sorted(MEASURES) if policy == "open" else rng.sample(sorted(MEASURES), 2)
    measures = measures if named else ["by R squared"]
    readings = [
        _reading(target, pools[side], measure, side, copies=bool(copies), named=named)
        for measure, side in product(measures, rng.sample(sorted(pools), 2))
        if len(pools[side]) > 1
    ]
    word, columns = column_words(target.name), listed(column.name for column in candidates)
    asked = f"which of the columns {columns} predicts {word} best"
    fitted = (
        f"what is R squared of the simple linear regression of {word} on the one of the columns "
        f"{columns} that gives the largest R squared"
    )
    return Proposal(
        sentence=asked if named else fitted,
        readings=distinct_readings(readings),
        parameters={"target": target.name, "columns": [column.name for column in candidates]},
        policy=policy,
    )


def _reading(
    target: SheetColumn,
    pool: list[SheetColumn],
    measure: str,
    side: str,
    *,
    copies: bool,
    named: bool,
) -> Reading:
    strengths = joined([call("named", _strength(c, target, measure), x=c.name) for c in pool])
    word = column_words(target.name)
    verb = "counts as well" if side == "target included" else "does not count"
    about = f"A column that is a linear function of {word} {verb}." if copies else ""
    statements = (MEASURES[measure] if named else "", about)
    return Reading(
        name=f"{measure}, {side}",
        expression=call("argmax_group" if named else "groups_max", strengths),
        statement=" ".join(filter(None, statements)),
    )


def _strength(column: SheetColumn, target: SheetColumn, measure: str) -> Expression:
    if measure == "by R squared":
        return call("r_squared", TABLE, x=column.name, y=target.name)
    return call("absolute", call("rank_correlation", TABLE, x=column.name, y=target.name))


TEMPLATE = Template(name="regression_most_predictive", propose=propose)
