"""Parameters of operations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.program.operator import SqlScope, columns_of, integer, number, text
from tracemill_datagen.table.sheet import Sheet


def test_parameters_are_taken_by_type() -> None:
    parameters = {"column": "mass", "q": 0.5, "n": 3}
    assert (text(parameters, "column"), number(parameters, "q"), integer(parameters, "n")) == (
        "mass",
        0.5,
        3,
    )


@pytest.mark.parametrize(
    ("take", "value", "message"),
    [
        (text, 3, "parameter x: wanted text, got 3"),
        (number, True, "parameter x: wanted a number, got True"),
        (integer, 2.5, "parameter x: wanted an integer, got 2.5"),
    ],
)
def test_a_parameter_of_another_type_is_a_type_error(
    take: Callable[[dict[str, object], str], object], value: object, message: str
) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        take({"x": value}, "x")


def test_columns_are_told_from_literals() -> None:
    assert columns_of({"value": "mass", "column": "kind", "by": "legs"}) == ("kind", "legs")


def test_sql_names_columns_by_position_and_binds_values(zoo: Sheet) -> None:
    scope = SqlScope(zoo)
    assert scope.column({"column": "mass"}) == "c2"
    assert [scope.literal("'; DROP TABLE t"), scope.literal(2)] == [":p0", ":p1"]
    assert scope.values == {"p0": "'; DROP TABLE t", "p1": 2}
    assert scope.sparse_columns() == ["c1", "c2", "c3", "c4", "c5"]
