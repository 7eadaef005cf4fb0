"""Drawing columns and rows for families."""

from __future__ import annotations

from random import Random

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.template.family import one_of, other_than, some_rows


def rng(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - no secret


def test_no_column_is_refused_by_name(benches: dict[str, Bench]) -> None:
    mass = benches["penguins"].sheet.column("body_mass_g")
    for draw in (lambda: one_of([], rng(0)), lambda: other_than([mass], mass, rng(0))):
        with pytest.raises(Rejected, match="^not_applicable: no column"):
            draw()


def test_some_rows_are_all_or_those_of_one_group(benches: dict[str, Bench]) -> None:
    bench = benches["penguins"]
    mass = bench.sheet.column("body_mass_g")
    drawn = [some_rows(bench.roles, rng(seed), apart_from=mass) for seed in range(40)]
    assert {rows.op for rows, _ in drawn} == {"table", "filter_equal"}
    for rows, literals in drawn:
        if rows is not TABLE:
            assert rows.parameters["column"] == literals["where"]
            assert rows.parameters["value"] == literals["value"]


def test_a_table_without_groups_gives_all_rows(benches: dict[str, Bench]) -> None:
    bench = benches["state_crime"]
    column = bench.sheet.column("poverty")
    assert some_rows(bench.roles, rng(1), apart_from=column) == (TABLE, {})
