"""Reading Parquet files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.parquet import parquet_grid
from tracemill_datagen.table.reader import parse_normal, read_sheet
from tracemill_datagen.table.sheet import Cell, Sheet
from tracemill_datagen.table.writer import csv_bytes


def written(folder: Path, select: str, name: str = "t.parquet") -> Path:
    """Write what a query gives; the time zone of the session must not matter."""
    path = folder / name
    with duckdb.connect() as connection:
        relation = connection.sql(select)
        relation.write_parquet(str(folder / "written"))
    (folder / "written").rename(path)
    return path


def read(folder: Path, select: str) -> Sheet:
    return read_sheet(written(folder, select))


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["true", "NULL", "false"], "boolean", ("True", None, "False")),
        (["1::TINYINT", "NULL"], "integer", (1, None)),
        (["18446744073709551615::UBIGINT", "1::UBIGINT"], "text", ("18446744073709551615", "1")),
        (["999999999999999::BIGINT", "1"], "integer", (999999999999999, 1)),
        (["9007199254740993::BIGINT", "1"], "text", ("9007199254740993", "1")),
        (["1.50::DECIMAL(10,2)", "NULL", "2"], "number", (1.5, None, 2.0)),
        (["3.00::DECIMAL(10,2)"], "integer", (3,)),
        (["0.1::FLOAT", "2"], "number", (0.1, 2.0)),
        (["1e300::DOUBLE", "'nan'::DOUBLE", "0.1"], "number", (1e300, None, 0.1)),
        (["1e15::DOUBLE", "0.5"], "number", (1e15, 0.5)),
        (["5::DOUBLE", "NULL"], "integer", (5, None)),
        (["'007'", "'1'"], "text", ("007", "1")),
        (["'1'", "'2'"], "integer", (1, 2)),
        (["'1,5'", "'2'"], "text", ("1,5", "2")),
        (["' x '", "'y'", "NULL"], "text", ("x", "y", None)),
        (["'x'::ENUM('x', 'y')", "'y'", "'x'", "'y'"], "category", ("x", "y", "x", "y")),
        (["DATE '2012-05-01'", "NULL"], "datetime", ("2012-05-01", None)),
        (["TIMESTAMP '2012-05-01 10:00:00'"], "datetime", ("2012-05-01T10:00:00",)),
        (
            ["TIMESTAMP '2012-05-01 10:00:00.5'", "TIMESTAMP '2012-05-01 10:00:00'"],
            "datetime",
            ("2012-05-01T10:00:00.500000", "2012-05-01T10:00:00.000000"),
        ),
        (
            ["TIMESTAMP_NS '2012-05-01 10:00:00.000000001'", "NULL"],
            "text",
            ("2012-05-01T10:00:00.000000001", None),
        ),
        (
            ["TIMESTAMPTZ '2012-05-01 10:00:00+02'", "NULL"],
            "datetime",
            ("2012-05-01T08:00:00Z", None),
        ),
        (["TIME '10:00:00'"], "text", ("10:00:00",)),
        (["NULL::INTEGER", "NULL"], "text", (None, None)),
    ],
)
def test_cells_of_a_type_become_what_the_table_of_types_says(
    tmp_path: Path, cells: list[str], kind: str, values: tuple[Cell, ...]
) -> None:
    sheet = read(tmp_path, f"SELECT unnest([{', '.join(cells)}]) AS x")
    column = sheet.column("x")
    assert (column.kind, column.values) == (kind, values)
    assert [type(value) for value in column.values] == [type(value) for value in values]
    assert parse_normal(csv_bytes(sheet.columns), name="t", where="t.csv") == sheet


@pytest.mark.parametrize(
    ("select", "message"),
    [
        (
            "SELECT [1, 2] AS parts",
            (
                "(column_type): wanted columns of single values, "
                "got column 'parts' of type INTEGER[]; "
                "leave that column out, or write its parts as columns"
            ),
        ),
        (
            "SELECT 1 AS n, {'a': 1} AS both",
            (
                "(column_type): wanted columns of single values, "
                "got column 'both' of type STRUCT(a INTEGER); "
                "leave that column out, or write its parts as columns"
            ),
        ),
        (
            "SELECT 'ab'::BLOB AS raw",
            (
                "(column_type): wanted columns of single values, got column 'raw' of type BLOB; "
                "leave that column out, or write its parts as columns"
            ),
        ),
        (
            "SELECT '-inf'::DOUBLE AS x",
            (
                "(infinite): wanted finite values, got -inf in column 'x'; "
                "write another value, or none, in its place"
            ),
        ),
        (
            "SELECT repeat('x', 131073) AS x",
            (
                "(long_cell): wanted cells of at most 131,072 characters, "
                "got a longer one in column 'x'; leave it out"
            ),
        ),
        (
            "SELECT 1 AS x WHERE false",
            "(no_rows): wanted at least one data row, got none; add rows",
        ),
        (
            'SELECT 1 AS "x ", 2 AS x',
            (
                "(duplicate_header): wanted a different name for every column, "
                "got 'x' twice (columns 1 and 2); rename one of them"
            ),
        ),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, select: str, message: str) -> None:
    path = written(tmp_path, select)
    with pytest.raises(NotATable) as caught:
        read_sheet(path)
    told = str(caught.value).removeprefix(str(path)).removeprefix(" line 1")
    assert told == f" is not a table {message}"


def test_a_broken_file_is_refused_without_our_path(tmp_path: Path) -> None:
    data = written(tmp_path, "SELECT 1 AS x").read_bytes()
    for broken in (data[:-8], b"PAR1", data[:20] + data[-8:]):
        with pytest.raises(NotATable) as caught:
            parquet_grid(broken, where="t.parquet")
        assert str(caught.value).startswith("t.parquet is not a table (broken_parquet): wanted ")
        assert "table.parquet" not in str(caught.value)
        assert "\n" not in str(caught.value)


def test_the_name_of_the_file_is_no_pattern_and_does_not_decide(tmp_path: Path) -> None:
    path = written(tmp_path, "SELECT 1 AS x", name="year=2012 [a]*?.csv")
    assert [column.name for column in read_sheet(path).columns] == ["x"]


def test_names_need_not_be_names_of_sql(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'SELECT 1 AS "a ""b"" {c}", 2 AS "1", 3 AS "select"')
    assert [column.name for column in sheet.columns] == ['a "b" {c}', "1", "select"]
    assert parse_normal(csv_bytes(sheet.columns), name="t", where="t.csv") == sheet


def test_notes_say_what_a_normal_csv_cannot_hold(tmp_path: Path) -> None:
    sheet = read(
        tmp_path, "SELECT 'NA' AS a, 9007199254740993 AS b UNION ALL SELECT 'x', 1 ORDER BY b"
    )
    assert sheet.notes == (
        "column 'a': 1 texts like 'NA' are taken for no value",
        "column 'b': integers of more than 15 digits are kept as text",
    )
