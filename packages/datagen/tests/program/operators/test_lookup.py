"""Values that are looked up in one row, in both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.operators.lookup import ordinal

MASS = call("column", TABLE, column="mass")
LEGS = call("column", TABLE, column="legs")
BUGS = call("filter_equal", TABLE, column="kind", value="bug")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (call("value_of_row", TABLE, key="name", value="cat", column="mass"), 4.0),
        (call("label_of_row", TABLE, key="name", value="cat", column="kind"), "beast"),
        (call("label_of_row", TABLE, key="name", value="cat", column="legs"), 4),
        (call("name_at_top", TABLE, key="name", by="mass", n=1), "emu"),
        (call("name_at_top", TABLE, key="name", by="mass", n=3), "eel"),
        (call("name_at_top", BUGS, key="name", by="mass", n=2), "bee"),
        (call("name_at_bottom", TABLE, key="name", by="mass", n=1), "ant"),
        (call("name_at_bottom", TABLE, key="name", by="mass", n=4), "owl"),
        (call("value_at_top", TABLE, column="legs", by="mass"), 2),
        (call("value_at_bottom", TABLE, column="legs", by="mass"), 6),
        (call("label_at_top", BUGS, column="tame", by="mass"), "True"),
        (call("label_at_bottom", TABLE, column="kind", by="mass"), "bug"),
        (call("bottom_names", TABLE, key="name", by="mass", n=3), ("ant", "bee", "fly")),
        (call("kth_largest", MASS, n=2, ties="every row"), 8.0),
        (call("kth_largest", LEGS, n=4, ties="every row"), 4),
        (call("kth_largest", LEGS, n=3, ties="different values"), 2),
        (call("kth_smallest", LEGS, n=3, ties="every row"), 2),
        (call("kth_smallest", LEGS, n=3, ties="different values"), 4),
    ],
)
def test_lookup(both: Callable[[Expression], Datum], expression: Expression, value: Datum) -> None:
    assert both(expression) == value


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (
            call("value_of_row", TABLE, key="name", value="yak", column="mass"),
            "no_row: 0 rows where name is yak",
        ),
        (
            call("value_of_row", TABLE, key="kind", value="bug", column="mass"),
            "tie: 3 rows where kind is bug",
        ),
        (
            call("value_of_row", TABLE, key="name", value="jay", column="mass"),
            "no_values: mass is empty in that row",
        ),
        (
            call("label_of_row", TABLE, key="name", value="emu", column="kind"),
            "no_values: kind is empty in that row",
        ),
        (call("name_at_top", TABLE, key="name", by="legs", n=1), "tie: row 1 by legs .*"),
        (call("name_at_bottom", TABLE, key="name", by="legs", n=2), "tie: row 2 by legs .*"),
        (
            call("name_at_top", BUGS, key="name", by="mass", n=4),
            "too_few_rows: 3 rows with mass, asked for 4",
        ),
        (call("value_at_top", TABLE, column="mass", by="legs"), "tie: row 1 by legs .*"),
        (
            call("label_at_top", TABLE, column="kind", by="mass"),
            "no_values: kind is empty in that row",
        ),
        (call("bottom_names", TABLE, key="name", by="legs", n=3), "tie: row 2 by legs .*"),
        (
            call("kth_largest", LEGS, n=5, ties="different values"),
            "too_few_rows: 4 values, asked for 5",
        ),
    ],
)
def test_what_no_row_settles_is_refused_by_name(
    both: Callable[[Expression], Datum], expression: Expression, reason: str
) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        both(expression)


def test_ordinals_say_the_first_without_a_number() -> None:
    assert [ordinal(n, "largest") for n in (1, 2, 3, 4)] == [
        "largest",
        "second largest",
        "third largest",
        "fourth largest",
    ]
