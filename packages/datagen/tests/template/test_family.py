"""Drawing columns and rows for families."""

from __future__ import annotations

from random import Random

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.template.family import (
    amounts,
    check_crossed,
    full,
    least_of,
    limited,
    mean_over,
    one_of,
    other_than,
    over_rows,
    some_rows,
    two_groups,
)


def rng(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - no secret


def test_no_column_is_refused_by_name(benches: dict[str, Bench]) -> None:
    mass = benches["penguins"].sheet.column("body_mass_g")
    for draw in (lambda: one_of([], rng(0)), lambda: other_than([mass], mass, rng(0))):
        with pytest.raises(Rejected, match="^not_applicable: no column"):
            draw()


@pytest.mark.parametrize(
    ("left", "right"), [("country", "land"), ("land", "country"), ("country", "code")]
)
def test_categories_of_which_one_decides_the_other_are_no_cross_table(
    left: str, right: str
) -> None:
    sheet = parse_sheet(
        b"country,land,code,year\nfr,eu,1,8\nde,eu,2,8\njp,as,3,8\nfr,eu,1,9\n,as,3,9\nfr,,,9\n",
        name="trade",
        where="test",
    )
    with pytest.raises(Rejected, match=f"^not_applicable: {left} and {right}: one decides"):
        check_crossed(sheet.column(left), sheet.column(right))
    check_crossed(sheet.column(left), sheet.column("year"))


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


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("sales", 1),
        ("Total Cost $", 1),
        ("population", 1),
        ("price", 0),
        ("temperature", 0),
        ("mean sales", 0),
        ("birth_rate", 0),
        ("cost_per_unit", 0),
        ("day,sales", 1),
        ("day,population", 0),
    ],
)
def test_only_amounts_are_added_up_and_stocks_only_at_one_time(header: str, found: int) -> None:
    days = header.startswith("day,")
    rows = (f"2012-01-0{n},{n * n}\n" if days else f"{n * n}\n" for n in range(1, 8))
    sheet = parse_sheet(f"{header}\n{''.join(rows)}".encode(), name="t", where="t.csv")
    assert len(amounts(sheet, roles_of(sheet))) == found


def test_losses_are_no_amounts() -> None:
    sheet = parse_sheet(b"sales\n5\n-3\n8\n9\n1\n", name="t", where="t.csv")
    assert amounts(sheet, roles_of(sheet)) == []


def test_limits_stand_in_the_middle_on_either_side(benches: dict[str, Bench]) -> None:
    mass = benches["penguins"].sheet.column("body_mass_g")
    drawn = [limited(TABLE, mass, rng(seed)) for seed in range(40)]
    assert {rows.op for rows, _ in drawn} == {"filter_greater", "filter_less"}
    for rows, literals in drawn:
        assert rows.op == f"filter_{literals['side']}"
        assert rows.parameters == {"column": literals["limited"], "value": literals["limit"]}
        assert 3400 <= rows.parameters["value"] <= 5000


def test_two_groups_differ(benches: dict[str, Bench]) -> None:
    species = benches["penguins"].sheet.column("species")
    for seed in range(10):
        one, other, literals = two_groups(species, rng(seed))
        assert one.parameters == {"column": "species", "value": literals["first"]}
        assert other.parameters == {"column": "species", "value": literals["second"]}
        assert literals["first"] != literals["second"]


def test_full_columns_have_no_empty_cells(benches: dict[str, Bench]) -> None:
    names = [column.name for column in full(benches["penguins"].sheet.columns)]
    assert names == ["species", "island", "year"]


def test_all_rows_go_without_saying(benches: dict[str, Bench]) -> None:
    adelie = call("filter_equal", TABLE, column="species", value="Adelie")
    mass = benches["penguins"].sheet.column("body_mass_g")
    assert over_rows("body_mass_g", TABLE) == "body_mass_g"
    said = 'body_mass_g over the rows where species is "Adelie"'
    assert over_rows("body_mass_g", adelie) == said
    assert mean_over(adelie, mass).op == "mean"
    assert mean_over(adelie, mass).columns == ("species", "body_mass_g")


def test_least_value_is_a_quantitys(benches: dict[str, Bench]) -> None:
    sheet = benches["penguins"].sheet
    assert least_of(sheet.column("body_mass_g")) == 2700
    with pytest.raises(TypeError, match="^species: wanted a quantity$"):
        least_of(sheet.column("species"))
