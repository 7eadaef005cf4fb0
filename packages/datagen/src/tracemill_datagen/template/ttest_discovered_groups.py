"""A t-test of the largest group of a grouping column that the solver must find.

The *target* is the largest group. Two questions are left open by "compare it with the table": which
of the columns the rows are grouped by (the first, the most balanced, or the one by whose groups the
means vary most), and whether the target's own rows stand on the other side too. Target excluded is
the test of the group against all other groups; target included, against all rows of the table. The
test is Student's or Welch's. All twelve combinations are enumerated; the prompt states one, or all
of their answers are admissible.
"""

from __future__ import annotations

from itertools import product
from random import Random

from tracemill_datagen.convention.candidate import (
    distinct_readings,
    groupings,
    highest_variance,
    listed,
    most_balanced,
    sampled,
    values_of,
)
from tracemill_datagen.convention.catalogue import OPTIONS
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.program.wording.vocabulary import column_words
from tracemill_datagen.table.role import Roles
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.template.family import Template, one_of

ASKED = {
    "t": "t statistic (positive if the mean of the group is the higher one)",
    "p": "two-sided p-value",
}
TARGETS = {
    "target excluded": "Compare it with the rows of all other groups.",
    "target included": "Compare it with all rows of the table, its own included.",
}
TESTS = {"Student": "student", "Welch": "welch"}


def propose(_: Sheet, roles: Roles, rng: Random) -> Proposal:
    """Ask for a t-test of the largest group of one of some columns."""
    target = one_of(roles.measures, rng)
    columns = sampled(groupings(roles, target), rng, least=1, most=4)
    asked = rng.choice(sorted(ASKED))
    tests = rng.sample(sorted(TESTS), 2)
    readings = tuple(
        _reading(target, rule, sentence, column, test=test, side=side, asked=asked)
        for (rule, sentence, column), test, side in product(
            _rules(columns, target, rng), tests, TARGETS
        )
    )
    by = f"by {'one of the columns ' if len(columns) > 1 else ''}{listed(c.name for c in columns)}"
    return Proposal(
        sentence=(
            f"when the rows are grouped {by}, what is the {ASKED[asked]} of the t-test that "
            f"compares {column_words(target.name)} in the largest group with the table"
        ),
        readings=distinct_readings(readings),
        parameters={"column": target.name, "groupings": [column.name for column in columns]},
        policy=rng.choice(("stated", "open")),
    )


def _rules(
    columns: list[SheetColumn], target: SheetColumn, rng: Random
) -> list[tuple[str, str, SheetColumn]]:
    """Return name, statement and column of each rule; no statement if there is one column only."""
    if len(columns) == 1:
        return [("only column", "", columns[0])]
    means = column_words(target.name)
    rules = [
        ("first column", "Group by the first of these columns.", columns[0]),
        (
            "most balanced column",
            (
                "Group by the one of these columns with the smallest ratio of its largest to its "
                "smallest group."
            ),
            most_balanced(columns),
        ),
        (
            "highest-variance column",
            (
                f"Group by the one of these columns by whose groups the means of {means} have the "
                "highest variance."
            ),
            highest_variance(columns, target),
        ),
    ]
    rng.shuffle(rules)
    return rules


def _reading(
    target: SheetColumn,
    rule: str,
    sentence: str,
    by: SheetColumn,
    *,
    test: str,
    side: str,
    asked: str,
) -> Reading:
    group = call("largest_group", TABLE, by=by.name)
    other = TABLE if side == "target included" else call("other_groups", TABLE, by=by.name)
    statements = (sentence, TARGETS[side], OPTIONS[test].statement)
    return Reading(
        name=f"{rule}, {test}, {side}",
        expression=call(
            f"{TESTS[test]}_{asked}", values_of(target, group), values_of(target, other)
        ),
        statement=" ".join(filter(None, statements)),
    )


TEMPLATE = Template(name="ttest_discovered_groups", propose=propose)
