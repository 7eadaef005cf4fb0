"""Reading CSV files and refusing what is not one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.reader import parse_sheet, read_sheet, table_name


@pytest.mark.parametrize(
    "data",
    [
        b"name,mass\nox,3.5\n\nant,\n",
        b"name;mass\nox;3.5\nant;\n",
        b"name\tmass\nox\t3.5\nant\t\n",
        b"name|mass\nox|3.5\nant|NA\n",
        b"\xef\xbb\xbfname,mass\r\nox,3.5\r\nant,NaN\r\n",
        b'"name","mass"\n" ox ","3.5"\n"ant",""\n',
    ],
)
def test_same_table_in_many_forms(data: bytes) -> None:
    sheet = parse_sheet(data, name="t", where="t.csv")
    assert [(c.name, c.values) for c in sheet.columns] == [
        ("name", ("ox", "ant")),
        ("mass", (3.5, None)),
    ]


def test_quoted_newlines_stay_in_the_cell() -> None:
    sheet = parse_sheet(b'a,b\n"x\ny",1\n', name="t", where="t.csv")
    assert sheet.column("a").values == ("x\ny",)


def test_one_by_one_table_is_read() -> None:
    assert parse_sheet(b"x\n1\n", name="t", where="t.csv").rows == 1


def test_unnamed_column_gets_its_number() -> None:
    sheet = parse_sheet(b",b\n7,1\n", name="t", where="t.csv")
    assert [c.name for c in sheet.columns] == ["column_1", "b"]


def test_columns_named_by_years_are_a_header() -> None:
    sheet = parse_sheet(b"country,1990,1991\nA,1,2\n", name="t", where="t.csv")
    assert [c.name for c in sheet.columns] == ["country", "1990", "1991"]


PROSE = "This file is a letter and it has no columns at all\n" * 3
CASES = [
    (
        b"a,b\n1,2\n3,4,5\n",
        (
            "t.csv line 3 is not a table (ragged_row): wanted 2 cells as in the header, got 3; "
            "quote cells that hold the delimiter, or mend the row"
        ),
    ),
    (
        b'a,b\n"x\ny",2\n3\n',
        (
            "t.csv line 4 is not a table (ragged_row): wanted 2 cells as in the header, got 1; "
            "quote cells that hold the delimiter, or mend the row"
        ),
    ),
    (
        b"a,b,a\n1,2,3\n",
        (
            "t.csv line 1 is not a table (duplicate_header): "
            "wanted a different name for every column, "
            "got 'a' twice (columns 1 and 3); rename one of them"
        ),
    ),
    (
        b"a,b\n",
        (
            "t.csv is not a table (no_rows): wanted at least one data row, got none; "
            "add rows below the header"
        ),
    ),
    (
        b"1,2,3\n4,5,6\n",
        (
            "t.csv line 1 is not a table (no_header): wanted column names, got the values 1, 2, 3; "
            "put a line with the column names first"
        ),
    ),
    (
        PROSE.encode(),
        (
            "t.csv is not a table (prose): "
            "wanted columns separated by comma, semicolon, tab or bar, got one column "
            "of running text that begins 'This file is a letter and it has no colu'; "
            "export the data as CSV"
        ),
    ),
    (
        b",".join(b"c%d" % n for n in range(1001)) + b"\n" + b"1," * 1000 + b"1\n",
        (
            "t.csv is not a table (too_wide): wanted at most 1000 columns, got 1001; "
            "keep the columns that matter"
        ),
    ),
    (
        b'a,b\n"1,2\n',
        (
            "t.csv line 2 is not a table (broken_quotes): wanted CSV (RFC 4180), "
            "got unexpected end of data; mend the quotes"
        ),
    ),
]


@pytest.mark.parametrize(("data", "message"), CASES)
def test_refusal_names_reason_place_and_remedy(data: bytes, message: str) -> None:
    with pytest.raises(NotATable) as caught:
        parse_sheet(data, name="t", where="t.csv")
    assert str(caught.value) == message


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotATable, match=r"\(missing\): wanted a readable CSV file"):
        read_sheet(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("stem", "name"),
    [("My Sales (2024)", "my_sales_2024"), ("2024", "table_2024"), ("été", "t"), ("--", "table")],
)
def test_table_name_is_made_of_the_file_name(stem: str, name: str) -> None:
    assert table_name(stem) == name
