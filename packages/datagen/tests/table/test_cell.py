"""Typing of whole columns."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.cell import typed
from tracemill_datagen.table.sheet import Cell


@pytest.mark.parametrize(
    ("texts", "kind", "cells"),
    [
        (["1", "-2", "+3"], "integer", (1, -2, 3)),
        (["181.0", "NA", "186.0"], "integer", (181, None, 186)),
        (["1.5", "2", ""], "number", (1.5, 2.0, None)),
        (["1e3", ".5"], "number", (1000.0, 0.5)),
        (["1e3", "2e3", ""], "integer", (1000, 2000, None)),
        (["1e14", "1e15"], "number", (1e14, 1e15)),
        (["-0.0", "0.5"], "number", (0.0, 0.5)),
        (["1,234", "12"], "text", ("1,234", "12")),
        (["1,234.5", "12"], "text", ("1,234.5", "12")),
        (["01", "02"], "text", ("01", "02")),
        (["1234567890123456", "1"], "text", ("1234567890123456", "1")),
        (["1e999", "1"], "text", ("1e999", "1")),
        (["inf", "1"], "text", ("inf", "1")),
        (["true", "FALSE", "null"], "boolean", ("True", "False", None)),
        (["2012-05-01", "2012-06-30"], "datetime", ("2012-05-01", "2012-06-30")),
        (["2012-02-30"], "text", ("2012-02-30",)),
        (["2012-05-01", "2012-05-01T10:00"], "text", ("2012-05-01", "2012-05-01T10:00")),
        (
            ["2012-05-01T10:00Z", "2012-05-01T11:00+01:00"],
            "text",
            ("2012-05-01T10:00Z", "2012-05-01T11:00+01:00"),
        ),
        (
            ["2012-05-01T10:00+01:00", "2012-05-01T11:00+02:00"],
            "text",
            ("2012-05-01T10:00+01:00", "2012-05-01T11:00+02:00"),
        ),
        (
            ["2012-05-01T10:00:00.5+01:00", "2012-05-02T11:00:00.2+01:00"],
            "datetime",
            ("2012-05-01T10:00:00.5+01:00", "2012-05-02T11:00:00.2+01:00"),
        ),
        (["?", "3", "-"], "integer", (None, 3, None)),
        (["-", "none", "a"], "text", ("-", "none", "a")),
        (["", "NA"], "text", (None, None)),
        (["1/2/2012"], "text", ("1/2/2012",)),
    ],
)
def test_a_column_has_the_narrowest_type_that_all_cells_have(
    texts: list[str], kind: str, cells: tuple[Cell, ...]
) -> None:
    found, values = typed(texts)
    assert (found, values) == (kind, cells)
    assert [type(value) for value in values] == [type(cell) for cell in cells]
