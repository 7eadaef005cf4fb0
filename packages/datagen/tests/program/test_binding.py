"""The literals that fit a table."""

from __future__ import annotations

from random import Random

import pytest

from tracemill_datagen.program import binding
from tracemill_datagen.program.binding import DRAWS, bindings_of
from tracemill_datagen.program.catalogue import BY_NAME, OPERATORS
from tracemill_datagen.program.operator import Operator, Parameters
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import Roles, roles_of


@pytest.fixture(scope="module")
def roles() -> Roles:
    return roles_of(embedded_sheet(embedded_named("penguins")))


def names(found: tuple[Parameters, ...]) -> set[object]:
    return {each["column"] for each in found}


def test_every_column_of_the_role_is_bound(roles: Roles) -> None:
    measures = {column.name for column in roles.measures}
    groups = {column.name for column in roles.groups}
    assert names(bindings_of(BY_NAME["column"], roles)) == measures
    assert names(bindings_of(BY_NAME["labels"], roles)) == groups
    assert names(bindings_of(BY_NAME["filter_greater"], roles)) == measures
    pairs = bindings_of(BY_NAME["group_mean"], roles)
    assert {(each["by"], each["column"]) for each in pairs} == {
        (by, column) for by in groups for column in measures if by != column
    }
    both = bindings_of(BY_NAME["correlation"], roles)
    assert len(both) == len(measures) * (len(measures) - 1) // 2


def test_only_values_with_enough_rows_are_filtered_by() -> None:
    rows = "a\n" * 9 + "b\n" * 8 + "c\n" * 4
    roles = roles_of(parse_sheet(f"g\n{rows}".encode(), name="t", where="t.csv"))
    assert binding.equal_values(roles) == [
        {"column": "g", "value": "a"},
        {"column": "g", "value": "b"},
    ]


def test_of_two_values_being_not_the_one_is_being_the_other() -> None:
    rows = "a\n" * 9 + "b\n" * 8
    roles = roles_of(parse_sheet(f"g\n{rows}".encode(), name="t", where="t.csv"))
    assert len(binding.equal_values(roles)) == 2
    assert binding.unequal_values(roles) == []


def test_thresholds_stand_inside_the_column(roles: Roles) -> None:
    for each in binding.thresholds(roles):
        column = next(c for c in roles.measures if c.name == each["column"])
        assert column.sorted_values[0] <= each["value"] <= column.sorted_values[-1]  # type: ignore[operator]


def test_short_columns_have_no_outer_thresholds() -> None:
    def parts(rows: int) -> list[int]:
        lines = "\n".join(str(n * n) for n in range(rows))
        sheet = parse_sheet(f"x\n{lines}\n".encode(), name="t", where="t.csv")
        values = sheet.columns[0].sorted_values
        return [values.index(value) for value in binding.limits(sheet.columns[0])]

    assert parts(160) == [20, 40, 60, 80, 100, 120, 140]
    assert parts(40) == [15, 20, 25]
    assert parts(8) == [4]


def test_of_many_classes_the_most_frequent_are_filtered_by() -> None:
    rows = "".join(f"c{n}\n" * (12 + n % 7) for n in range(40))
    roles = roles_of(parse_sheet(f"town\n{rows}".encode(), name="t", where="t.csv"))
    found = [each["value"] for each in binding.equal_values(roles)]
    assert found == ["c6", "c13", "c20", "c27", "c34", "c5", "c12", "c19"]
    assert binding.labelled(roles) == [{"column": "town"}]


def test_only_amounts_are_summed_by_group() -> None:
    rows = "".join(f"{'ab'[n % 2]},{n * n},{n}.5\n" for n in range(20))
    roles = roles_of(parse_sheet(f"g,sales,price\n{rows}".encode(), name="t", where="t.csv"))
    assert binding.sums_by_groups(roles) == [{"by": "g", "column": "sales"}]


def test_what_has_no_columns_is_bound_to_nothing() -> None:
    roles = roles_of(parse_sheet(b"x\n1\n", name="t", where="t.csv"))
    bound = {operator.name for operator in OPERATORS if bindings_of(operator, roles)}
    assert {"table", "count"} <= bound
    assert bound.isdisjoint({"column", "labels", "filter_equal", "group_count", "not_null"})


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_bindings_are_distinct_and_the_same_each_time(operator: Operator, roles: Roles) -> None:
    found = bindings_of(operator, roles)
    assert found == bindings_of(operator, roles)
    assert len({repr(sorted(each.items())) for each in found}) == len(found)


def test_draws_are_enumerated_where_there_is_no_list() -> None:
    drawn: list[float] = []

    def bind(_: Roles, rng: Random) -> Parameters | None:
        drawn.append(rng.random())
        return {"n": len(drawn) % 3} if drawn[-1] > 0.1 else None

    base = BY_NAME["top_groups"]
    operator = Operator(
        name="drawn", inputs=base.inputs, output=base.output, evaluate=base.evaluate,
        sql=base.sql, pandas=base.pandas, variable=base.variable, wordings=base.wordings,
        bind=bind,
    )  # fmt: skip
    roles = roles_of(parse_sheet(b"x\n1\n", name="t", where="t.csv"))
    assert sorted(each["n"] for each in bindings_of(operator, roles)) == [0, 1, 2]  # type: ignore[type-var]
    assert len(set(drawn)) == DRAWS
