"""Programs in English."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.wording import phrase_of

BUGS = call("filter_equal", TABLE, column="kind", value="bug")
MASS = call("column", TABLE, column="mass")


@pytest.mark.parametrize(
    ("expression", "phrase"),
    [
        (call("count", TABLE), "the number of rows"),
        (call("count", BUGS), 'the number of rows where kind is "bug"'),
        (call("mean", MASS), "the mean of mass"),
        (
            call("std", call("column", BUGS, column="mass"), ddof=1),
            (
                "the standard deviation (ddof = 1, dividing by n - 1) of mass "
                'over the rows where kind is "bug"'
            ),
        ),
        (
            call("count", call("filter_above", TABLE, call("mean", MASS), column="mass")),
            "the number of rows where mass is greater than (the mean of mass over all rows)",
        ),
        (
            call("argmax_group", call("group_max", TABLE, by="kind", column="mass")),
            "the group with the highest maximum of mass per kind",
        ),
        (
            call("share", call("count", BUGS), call("count", TABLE)),
            '(the number of rows where kind is "bug") as a percentage of (the number of rows)',
        ),
        (
            call("top_names", BUGS, key="name", by="mass", n=3),
            (
                'the values of "name" in the 3 rows with the largest mass '
                'among the rows where kind is "bug", largest first'
            ),
        ),
    ],
)
def test_phrase(expression: Expression, phrase: str) -> None:
    assert phrase_of(expression) == phrase
