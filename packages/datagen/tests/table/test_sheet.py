"""Columns and sheets in memory."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.reader import parse_sheet


def test_column_facts() -> None:
    column = parse_sheet(b"x,y\n3,b\n,a\n1,b\n", name="t", where="t.csv").column("x")
    assert column.present == (3, 1)
    assert (column.distinct, column.sorted_values) == ((3, 1), (1, 3))
    assert (column.nulls, column.numeric) == (1, True)


def test_unknown_column_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        parse_sheet(b"x,y\n1,2\n", name="t", where="t.csv").column("z")


@pytest.mark.parametrize(("cells", "codes"), [("001\n002", True), ("a\nb", False), ("1\n2", False)])
def test_texts_that_look_like_numbers_are_known(cells: str, *, codes: bool) -> None:
    sheet = parse_sheet(f"x\n{cells}\n".encode(), name="t", where="t.csv")
    assert sheet.column("x").numeric_texts is codes
