"""Reading CSV files and refusing what is not one."""

from __future__ import annotations

import gzip
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
        "name\tmass\r\nox\t3.5\r\nant\t\r\n".encode("utf-16"),
        b"name;mass\nox;3,5\nant;-\n",
        b"name,mass,\nox,3.5,\nant,,\n",
        b"name,mass\n\n\nox,3.5,\nant,\n\n",
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


def test_notes_say_what_reading_changed_or_lost() -> None:
    sheet = parse_sheet("naïve;when;lost\n1,5;5/13/2012;\ufffd\n".encode(), name="t", where="t.csv")
    assert sheet.notes == (
        "1 characters were lost before: they stand as U+FFFD",
        "column 'naïve': '1,5' is read as the number 1.5",
        "column 'when': '5/13/2012' is read as month/day/year: 2012-05-13",
    )
    sheet = parse_sheet("a,é\n1,2\n".encode("cp1252"), name="t", where="t.csv")
    assert sheet.notes == (
        "the file is not UTF-8 and was read as Windows-1252: look at its accents",
    )


def test_units_come_from_cells_and_else_from_names() -> None:
    data = b"share,mass_kg,price_usd,note_pct\n5 %,1,7 EUR,x\n6 %,2,8 EUR,y\n"
    columns = parse_sheet(data, name="t", where="t.csv").columns
    assert [column.unit for column in columns] == ["%", "kg", "\N{EURO SIGN}", None]


def test_a_column_without_any_value_is_read() -> None:
    column = parse_sheet(b"a,b\n1,\n2,NA\n", name="t", where="t.csv").column("b")
    assert (column.kind, column.values, column.distinct) == ("text", (None, None), ())


def test_packed_and_plain_file_are_the_same_table(tmp_path: Path) -> None:
    data = b"x,y\n1,2\n"
    (tmp_path / "zoo.csv").write_bytes(data)
    (tmp_path / "zoo.csv.gz").write_bytes(gzip.compress(data))
    assert read_sheet(tmp_path / "zoo.csv") == read_sheet(tmp_path / "zoo.csv.gz")


def test_twenty_thousand_rows_of_sixty_columns_are_read() -> None:
    row = ",".join(str(n * 7 / 4) for n in range(60))
    header = ",".join(f"c{n}" for n in range(60))
    sheet = parse_sheet(f"{header}\n{(row + chr(10)) * 20_000}".encode(), name="t", where="t.csv")
    assert (sheet.rows, len(sheet.columns)) == (20_000, 60)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotATable, match=r"\(missing\): wanted a readable CSV or Parquet file"):
        read_sheet(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("stem", "name"),
    [("My Sales (2024)", "my_sales_2024"), ("2024", "table_2024"), ("été", "t"), ("--", "table")],
)
def test_table_name_is_made_of_the_file_name(stem: str, name: str) -> None:
    assert table_name(stem) == name
