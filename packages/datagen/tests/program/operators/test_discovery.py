"""Rows of the most frequent value, and all others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.wording.wording import phrase_of

Thrice = Callable[[Expression], Datum]
KINDS = call("filter_not_equal", TABLE, column="kind", value="beast")
NO_COD = call("filter_not_equal", TABLE, column="name", value="cod")


@pytest.mark.parametrize(
    ("op", "rows", "by", "count"),
    [
        ("largest_group", KINDS, "kind", 3),
        ("other_groups", KINDS, "kind", 4),
        ("largest_group", NO_COD, "tame", 5),
        ("other_groups", NO_COD, "tame", 4),
    ],
)
def test_rows_without_a_value_are_on_neither_side(
    thrice: Thrice, op: str, rows: Expression, by: str, count: int
) -> None:
    assert thrice(call("count", call(op, rows, by=by))) == count


@pytest.mark.parametrize("op", ["largest_group", "other_groups"])
def test_a_tie_is_refused(thrice: Thrice, op: str) -> None:
    with pytest.raises(Rejected, match="^tie: bug and beast are equally frequent$"):
        thrice(call("count", call(op, TABLE, by="kind")))


def test_numbers_are_grouped_too(thrice: Thrice) -> None:
    """Legs have an empty cell: the rendered column is of pandas' type Int64."""
    with pytest.raises(Rejected, match="^tie: 6 and 4"):
        thrice(call("count", call("largest_group", TABLE, by="legs")))
    few = call("filter_not_equal", TABLE, column="kind", value="bug")
    assert thrice(call("count", call("other_groups", few, by="legs"))) == 3


@pytest.mark.parametrize(
    ("op", "says"),
    [
        ("largest_group", "the rows with the most frequent value of tame"),
        ("other_groups", "the rows with a value of tame other than the most frequent one"),
    ],
)
def test_words_say_among_which_rows_a_value_is_the_most_frequent(op: str, says: str) -> None:
    assert phrase_of(call(op, TABLE, by="tame")) == says
    assert phrase_of(call(op, NO_COD, by="tame")) == (
        f'{says}, with these rows and frequencies taken from the rows where "name" is not "cod"'
    )
