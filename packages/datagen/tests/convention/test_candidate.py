"""Rules that choose a column, and how columns are listed and paired."""

from __future__ import annotations

from random import Random

import pytest

from tracemill_datagen.convention.candidate import (
    MAX_RANKED_CELLS,
    alike,
    distinct_readings,
    groupings,
    highest_variance,
    is_copy,
    listed,
    most_balanced,
    sampled,
    strongest_pair,
)
from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.proposal import Reading
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.table.sheet import Sheet, SheetColumn

ROWS = [
    f"{'aab'[n % 3]},{'xy'[n % 2]},{'ppppq'[n % 5]},{n * n % 31},{n % 3 * 10 + n % 2},"
    f"{(n * n % 31) * 2.5 + 4},{'' if n == 4 else n}"
    for n in range(60)
]
SHEET = parse_sheet(
    ("three,even,five,square,level,copy,gap\n" + "\n".join(ROWS)).encode(),
    name="t",
    where="t.csv",
)


def columns(*names: str, sheet: Sheet = SHEET) -> list[SheetColumn]:
    return [sheet.column(name) for name in names]


def rng() -> Random:
    return Random(1)  # noqa: S311 - no secret


@pytest.mark.parametrize(
    ("names", "words"),
    [(["hp"], "hp"), (["hp", "mpg"], "hp and mpg"), (["hp", "year", "mpg"], 'hp, "year" and mpg')],
)
def test_columns_are_listed(names: list[str], words: str) -> None:
    assert listed(names) == words


def test_most_balanced_is_by_the_ratio_of_sizes() -> None:
    """Sizes are 40 to 20, 30 to 30 and 48 to 12."""
    assert most_balanced(columns("three", "even", "five")).name == "even"
    assert most_balanced(columns("five", "three")).name == "three"
    with pytest.raises(Rejected, match="^tie: even and even are as good$"):
        most_balanced(columns("even", "even"))


def test_highest_variance_is_of_the_targets_group_means() -> None:
    """``level`` is 10 times the place in ``three`` and adds 1 for every second row."""
    (level,) = columns("level")
    assert highest_variance(columns("even", "three", "five"), level).name == "three"
    (gap,) = columns("gap")
    nothing = SheetColumn(name="n", kind="number", values=(None,) * 60)
    assert highest_variance(columns("five"), gap).name == "five"
    with pytest.raises(Rejected, match="^group_without_values: five$"):
        highest_variance(columns("five"), nothing)


def test_groupings_have_a_unique_largest_group_and_are_not_the_target() -> None:
    roles = roles_of(SHEET)
    assert [c.name for c in groupings(roles, SHEET.column("square"))] == ["three", "five"]


def test_alike_columns_are_empty_in_the_same_rows() -> None:
    every = columns("square", "level", "gap", "copy")
    assert [c.name for c in alike(every, SHEET.column("square"))] == ["level", "copy"]
    assert alike(every, SHEET.column("gap")) == []


@pytest.mark.parametrize(
    ("name", "found"), [("copy", True), ("level", False), ("three", False), ("gap", False)]
)
def test_copies_are_linear_functions(name: str, found: bool) -> None:  # noqa: FBT001 - a case
    assert is_copy(SHEET.column(name), SHEET.column("square")) is found


def test_samples_keep_the_order_of_the_table() -> None:
    every = columns("square", "level", "gap", "copy")
    drawn = [sampled(every, Random(seed), least=2, most=3) for seed in range(40)]  # noqa: S311
    assert {len(chosen) for chosen in drawn} == {2, 3}
    for chosen in drawn:
        places = [every.index(column) for column in chosen]
        assert places == sorted(places)
    with pytest.raises(Rejected, match="^not_applicable: 1 columns to choose among, wanted 2$"):
        sampled(every[:1], rng(), least=2, most=3)


def test_pairs_of_very_long_columns_are_refused() -> None:
    long = [
        SheetColumn(name=name, kind="integer", values=tuple(range(MAX_RANKED_CELLS // 2 + 1)))
        for name in "ab"
    ]
    with pytest.raises(Rejected, match="^too_many_cells"):
        strongest_pair(long, "correlation")
    expression = strongest_pair(columns("square", "level", "copy"), "correlation")
    assert sum(part.op == "correlation" for part in expression.parts()) == 3


def test_readings_of_one_program_are_merged_under_all_their_names() -> None:
    count, other = call("count", TABLE), call("count", call("complete_rows", TABLE))
    merged = distinct_readings(
        Reading(name=name, expression=expression, statement=f"Say {name}.")
        for name, expression in (("a", count), ("b", other), ("c", count))
    )
    assert [(r.name, r.statement) for r in merged] == [("a or c", "Say a."), ("b", "Say b.")]
