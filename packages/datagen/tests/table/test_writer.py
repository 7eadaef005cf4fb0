"""The normal form is a fixed point of reading and writing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tracemill_datagen.errors import NotATable
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.table.embedded import embedded_sheet, embedded_tables
from tracemill_datagen.table.reader import parse_normal, parse_sheet
from tracemill_datagen.table.writer import csv_bytes


def test_normal_form() -> None:
    data = b'id;when;n;flag;note\n007;2012-01-01;1,234,000;TRUE;"a;b"\n008;2012-01-02;;false;NA\n'
    sheet = parse_sheet(data, name="t", where="t.csv")
    assert csv_bytes(sheet.columns) == (
        b"id,when,n,flag,note\n007,2012-01-01,1234000,True,a;b\n008,2012-01-02,,False,\n"
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
    b"a;b\n1,234;5/1/2012\n5,678;6/1/2012\n",
    b"a;b\n1.234,5;1.234\n2,5;2.345\n",
    b"a;b;c\n12%;$5;01.05.2012\n13%;$6;02.05.2012\n",
    b"a,b,\n1 234,x,\n5,y,\n",
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


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
CELLS = st.one_of(
    TEXTS,
    st.text("0123456789.,-+%$/ :'eE", max_size=9),
    st.integers(-(10**17), 10**17).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.dates().map(str),
    st.sampled_from(["", "NA", "-", "true", "a\nb", "a\rb", 'say "x"', ";", "1,234", "5/1/2012"]),
)


@st.composite
def written_tables(draw: st.DrawFn) -> bytes:
    """Draw CSV bytes whose columns are mostly of one sort, as real ones are."""
    width = draw(st.integers(1, 4))
    sorts = [draw(st.sampled_from([CELLS, st.just(draw(CELLS)), TEXTS])) for _ in range(width)]
    names = [f"c{index}{draw(TEXTS)}" for index in range(width)]
    rows = [[draw(sort) for sort in sorts] for _ in range(draw(st.integers(1, 6)))]
    stream = io.StringIO(newline="")
    delimiter = draw(st.sampled_from(",;\t|"))
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([names, *rows])
    return stream.getvalue().encode()


@given(written_tables())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_normal_form_of_any_written_table_reads_back(data: bytes) -> None:
    try:
        sheet = parse_sheet(data, name="t", where="t.csv")
    except NotATable:
        reject()
    normal = csv_bytes(sheet.columns)
    again = parse_normal(normal, name="t", where="t.csv")
    assert (again, again.digest) == (sheet, sheet.digest)
    assert csv_bytes(again.columns) == normal


@given(st.lists(st.lists(TEXTS.filter(str.strip), min_size=2, max_size=2), min_size=1, max_size=5))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_quoting_keeps_every_text_that_is_no_number_and_no_date(rows: list[list[str]]) -> None:
    marked = [[f"~{cell}\n{cell}~" for cell in row] for row in rows]
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["one", "two"], *marked])
    sheet = parse_sheet(stream.getvalue().encode(), name="t", where="t.csv")
    found = zip(*(column.values for column in sheet.columns), strict=True)
    wanted = [[cell.replace("\ufeff", "") for cell in row] for row in marked]
    assert [[*row] for row in found] == wanted
