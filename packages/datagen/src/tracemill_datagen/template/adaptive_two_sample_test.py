"""A test of two samples that a computed condition chooses: a decision within the program.

Either the variances decide between Welch's and Student's test, or the distance of the first sample
from a normal distribution decides between the Mann-Whitney and Student's test; the condition, its
limit and both tests stand in the sentence. The *target* is the group whose rows are the first
sample: target excluded compares it with the rows of all other groups, target included with all
rows of the table. Whether variances and deviations divide by n - 1 or by n is a convention of the
catalogue (``ddof``): ``settle`` enumerates it and states it where it matters.
"""

from __future__ import annotations

from random import Random

from tracemill_datagen.convention.candidate import values_of
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words, value_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.family import Template, one_of, other_than

RATIOS = (1.5, 2, 3, 4)
DISTANCES = (0.05, 0.1, 0.15)
TARGETS = {
    "target excluded": "Compare with the rows with another value of {by}.",
    "target included": "Compare with all rows of the table, those with that value included.",
}
CONDITIONS = {
    "variances": (
        "by Welch's t-test if the larger of the two variances is more than {limit} times the "
        "smaller one, otherwise by Student's t-test"
    ),
    "normality": (
        "by the Mann-Whitney U test (normal approximation, corrected for ties, with continuity "
        "correction) if the Kolmogorov-Smirnov statistic of the first sample against the normal "
        "distribution with its own mean and standard deviation is greater than {limit}, otherwise "
        "by Student's t-test"
    ),
}


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for the p-value of the test that the data choose."""
    by = one_of(roles.groups, rng)
    column = other_than(roles.measures, by, rng)
    value = rng.choice(by.distinct)
    group = call("filter_equal", TABLE, column=by.name, value=value)
    others = call("filter_not_equal", TABLE, column=by.name, value=value)
    rest = {"target excluded": others, "target included": TABLE}
    kind = rng.choice(sorted(CONDITIONS))
    limit = rng.choice(RATIOS if kind == "variances" else DISTANCES)
    first = values_of(column, group)
    readings = tuple(
        Reading(
            name=side,
            expression=_chosen(kind, first, values_of(column, rest[side]), limit),
            statement=TARGETS[side].format(by=column_words(by.name)),
        )
        for side in TARGETS
    )
    where = f"the rows where {column_words(by.name)} is {value_words(value)}"
    return Proposal(
        sentence=(
            f"what is the two-sided p-value of comparing {column_words(column.name)} in {where} "
            f"(the first sample) with the table {CONDITIONS[kind].format(limit=limit)}"
        ),
        readings=readings,
        parameters={"column": column.name, "by": by.name, "value": value, "limit": limit},
        policy=rng.choice(("stated", "open")),
    )


def _chosen(kind: str, first: Expression, second: Expression, limit: float) -> Expression:
    student = call("student_p", first, second)
    if kind == "variances":
        flag = call("is_above", call("variance_ratio", first, second, ddof=1), limit=limit)
        return call("choose_number", flag, call("welch_p", first, second), student)
    flag = call("is_above", call("ks_normal", first, ddof=1), limit=limit)
    ranked = call("mann_whitney_p", first, second, continuity="yes")
    return call("choose_number", flag, ranked, student)


TEMPLATE = Template(name="adaptive_two_sample_test", propose=propose)
