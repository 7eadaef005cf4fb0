"""Identifiers, categories and quantities."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.cell import typed
from tracemill_datagen.table.kind import kind_of


def texts(pattern: str, count: int) -> list[str]:
    return [pattern.format(number) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("row", texts("{}", 20), "identifier"),
        ("index", [str(n) for n in range(20)], "identifier"),
        ("atomic number", [str(n) for n in range(7, 30)], "identifier"),
        ("year", texts("19{:02}", 20), "integer"),
        ("population", ["51023", "7", "881", "12", "90210", "4"], "integer"),
        ("AirlineID", ["19805", "19805", "20355"] * 9, "identifier"),
        ("zip_code", ["00501", "10001", "94110"] * 5, "identifier"),
        ("tailnum", texts("N{}AA", 20), "identifier"),
        ("state", [f"state {chr(96 + n)}" for n in range(1, 25)], "text"),
        ("name", ["Ann", "Bob", "Cid"], "text"),
        ("sex", ["male", "female"] * 5, "category"),
        ("flag", ["true", "false"] * 5, "boolean"),
        ("mass", ["1.5", "2.5"], "number"),
        ("width", ["12", "7", "13"] * 4, "integer"),
        ("day", ["2012-01-01", "2012-01-02"], "datetime"),
    ],
)
def test_kind_of_column(name: str, cells: list[str], kind: str) -> None:
    typing, values = typed(cells)
    assert kind_of(name, typing, values) == kind
