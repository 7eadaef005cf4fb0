"""The normal form is a fixed point of reading and writing."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.embedded import embedded_sheet, embedded_tables
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.writer import csv_bytes


def test_normal_form() -> None:
    data = b'id;when;n;flag;note\n007;2012-01-01;1,234;TRUE;"a;b"\n008;2012-01-02;;false;NA\n'
    sheet = parse_sheet(data, name="t", where="t.csv")
    assert csv_bytes(sheet.columns) == (
        b"id,when,n,flag,note\n007,2012-01-01,1234,True,a;b\n008,2012-01-02,,False,\n"
    )


def test_a_row_of_one_empty_cell_survives() -> None:
    sheet = parse_sheet(b'x\n1\n""\n', name="t", where="t.csv")
    again = parse_sheet(csv_bytes(sheet.columns), name="t", where="t.csv")
    assert again.column("x").values == (1, None)


@pytest.mark.parametrize("name", [table.name for table in embedded_tables()])
def test_reading_a_normal_file_gives_the_same_columns(name: str) -> None:
    sheet = embedded_sheet(next(table for table in embedded_tables() if table.name == name))
    again = parse_sheet(csv_bytes(sheet.columns), name=name, where=name)
    assert again == sheet
