"""The normal form is a fixed point of reading and writing."""

from __future__ import annotations

import csv
import io

import pytest

from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.table.embedded import embedded_sheet, embedded_tables
from tracemill_datagen.table.reader import parse_normal, parse_sheet
from tracemill_datagen.table.writer import csv_bytes


def test_normal_form() -> None:
    data = b'id;when;n;flag;note\n007;2012-01-01;1,234;TRUE;"a;b"\n008;2012-01-02;;false;NA\n'
    sheet = parse_sheet(data, name="t", where="t.csv")
    assert csv_bytes(sheet.columns) == (
        b"id,when,n,flag,note\n007,2012-01-01,1234,True,a;b\n008,2012-01-02,,False,\n"
    )


MANY_FORMS = [
    b'x\n1\n""\n',
    b"a,b\n1e3,2e3\n5,\n",
    b"a\n1e15\n2.5\n-1.234567890123456e15\n9e99\n",
    b'a,b\n"x\ry",1\n"x\r\ny",2\n',
    b'"a;b;c",d\n1,2\n',
    b'"a;b;c"\n"1;2;3"\n',
    "\ufeff\ufeffa,\ufeffb\n1,2\n".encode(),
    b'"[1]"\nx\n',
    b'"PAR1","<table"\nx,y\n',
    b'a,b\n -0.0 ," say ""hi"", "\n,NaN\n',
    b"a;b\n1,5;-\n?;none\n",
    b"when\n2012-05-01T10:00+01:00\n2012-05-01T11:00+02:00\n",
]


@pytest.mark.parametrize("data", MANY_FORMS)
def test_normal_form_of_any_table_reads_back_to_the_same_table(data: bytes) -> None:
    sheet = parse_sheet(data, name="t", where="t.csv")
    normal = csv_bytes(sheet.columns)
    again = parse_normal(normal, name="t", where="t.csv")
    assert (again, csv_bytes(again.columns)) == (sheet, normal)


@pytest.mark.parametrize("seed", range(40))
def test_normal_form_of_drawn_tables_reads_back(seed: int) -> None:
    rng = item_rng(0, "cells", "drawn", seed)
    pieces = ["1", "2.50", "1e3", "1e15", "0", "-", "NA", "", " x", 'q"', "a,b", ";", "\r", "\n",
              "\ufeff", "true",
              "2012-01-01", "1,234", "é", "123456789012345.6", "1e22"]  # fmt: skip
    rows = [["first", "", "c;d;e"], *([rng.choice(pieces) for _ in range(3)] for _ in range(6))]
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    test_normal_form_of_any_table_reads_back_to_the_same_table(stream.getvalue().encode())


@pytest.mark.parametrize("name", [table.name for table in embedded_tables()])
def test_reading_a_normal_file_gives_the_same_columns(name: str) -> None:
    sheet = embedded_sheet(next(table for table in embedded_tables() if table.name == name))
    again = parse_normal(csv_bytes(sheet.columns), name=name, where=name)
    assert again == sheet
