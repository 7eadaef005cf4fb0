"""Programs in English."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.wording import phrase_of

BUGS = call("filter_equal", TABLE, column="kind", value="bug")
MASS = call("column", TABLE, column="mass")
OVER_TIME = call("column", TABLE, column="change over time")
TOP = call("top_rows", TABLE, column="mass", n=20)
HEAVY_TOP = call("filter_greater", TOP, column="mass", value=5)


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
            call(
                "count",
                call(
                    "filter_above",
                    BUGS,
                    call("mean", call("column", BUGS, column="mass")),
                    column="mass",
                ),
            ),
            (
                'the number of rows where kind is "bug" and mass is greater than '
                '(the mean of mass over the rows where kind is "bug")'
            ),
        ),
        (
            call("count", call("filter_above", TABLE, call("mean", OVER_TIME), column="mass")),
            (
                "the number of rows where mass is greater than "
                '(the mean of "change over time" over all rows)'
            ),
        ),
        (
            call("count", call("filter_equal", TOP, column="kind", value="bug")),
            ('the number of those of the 20 rows with the largest mass where kind is "bug"'),
        ),
        (
            call("count", call("filter_equal", HEAVY_TOP, column="kind", value="bug")),
            (
                "the number of those of the 20 rows with the largest mass "
                'where mass is greater than 5 and kind is "bug"'
            ),
        ),
        (
            call("quantile", MASS, q=0.9, method="lower"),
            (
                "the 0.9 quantile (at rank (n - 1) * 0.9 of the n sorted values, counted from 0; "
                'method "lower" between ranks) of mass'
            ),
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
