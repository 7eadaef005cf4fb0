"""Groups that a filter empties."""

from __future__ import annotations

import pytest

from tracemill_datagen.convention.catalogue import BY_AXIS, OPTIONS
from tracemill_datagen.convention.emptied import AS_ZERO, COUNTED, NO_GROUP
from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.question.bench import Bench

DREAM = call("filter_equal", TABLE, column="island", value="Dream")
GROUPS = BY_AXIS["groups"]


def turned(groups: Expression) -> Expression:
    return GROUPS.rewritten(groups, OPTIONS[AS_ZERO])


def test_they_are_numbers_of_groups_of_rows() -> None:
    for name in COUNTED:
        assert BY_NAME[name].output == "groups"
        assert BY_NAME[name].inputs == ("rows",)


@pytest.mark.parametrize(
    ("groups", "smallest", "with_empty"),
    [
        (call("group_count", DREAM, by="species"), 56, 0),
        (call("group_distinct", DREAM, by="species", column="sex"), 2, 0),
        (call("group_share", DREAM, by="species"), 45.16, 0),
        (call("group_sum", DREAM, by="species", column="bill_length_mm"), 2156.1, 0),
    ],
)
def test_both_engines_agree_on_either_reading(
    bench: Bench, groups: Expression, smallest: float, with_empty: float
) -> None:
    decimals = 2 if isinstance(smallest, float) else None
    assert bench.confirmed(call("groups_min", groups), decimals) == smallest
    assert bench.confirmed(call("groups_min", turned(groups)), decimals) == with_empty


def test_all_groups_of_a_program_are_turned_alike_and_back(bench: Bench) -> None:
    first = call("groups_max", call("group_count", DREAM, by="species"))
    second = call("groups_min", call("group_count", DREAM, by="sex"))
    both = call("difference", first, second)
    filled = turned(both)
    assert [part.op for part in filled.parts()].count("fill_groups") == 2
    assert [option.name for option in GROUPS.options_in(filled, bench.sheet)] == [AS_ZERO]
    assert GROUPS.rewritten(filled, OPTIONS[NO_GROUP]).canonical == both.canonical
    assert turned(filled).canonical == filled.canonical
