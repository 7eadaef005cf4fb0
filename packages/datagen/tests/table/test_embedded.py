"""The tables that ship with the package."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.resources import files as files_of
from pathlib import Path

import pytest

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet, embedded_tables
from tracemill_datagen.table.sheet import Sheet

FLIGHTS = "546e44450bc561374b0a5d5ad4ba2de8b27ddb28aa621bcd2f9e642ab1ed82d3"
"""SHA-256 of the shared table that the embedded flights were taken from."""

FREE = ("CC0", "Public domain", "Public Domain", "public domain", "U.S. Government Dataset")


def test_at_least_eight_free_tables_of_under_a_megabyte() -> None:
    tables = embedded_tables()
    sheets = [embedded_sheet(table) for table in tables]
    assert len(tables) >= 8
    assert all(any(word in table.licence for word in FREE) for table in tables)
    assert [sheet.rows for sheet in sheets] == [table.rows for table in tables]
    assert [table.name for table in tables] == sorted(table.name for table in tables)
    files = list((files_of("tracemill_datagen") / "table" / "data").iterdir())
    assert {path.name for path in files} == {"sources.json", *(table.file for table in tables)}
    assert sum(len(path.read_bytes()) for path in files) < 1_000_000


@pytest.mark.parametrize(
    ("what", "holds"),
    [
        ("small", lambda sheet: sheet.rows <= 60),
        ("wide", lambda sheet: len(sheet.columns) >= 20),
        ("mixed", lambda sheet: {"category", "number", "integer"} <= {c.kind for c in sheet.columns}
            and any(column.nulls for column in sheet.columns)),
        ("dated", lambda sheet: any(column.kind == "datetime" for column in sheet.columns)),
    ],
)  # fmt: skip
def test_every_class_of_tables_is_there(what: str, holds: Callable[[Sheet], bool]) -> None:
    names = [table.name for table in embedded_tables() if holds(embedded_sheet(table))]
    assert len(names) >= 2, what


@pytest.mark.parametrize(
    ("many", "column", "one", "key"),
    [
        ("nyc_flights", "tailnum", "nyc_planes", "tailnum"),
        ("nyc_flights", "dest", "nyc_airports", "faa"),
    ],
)
def test_some_tables_can_be_joined(many: str, column: str, one: str, key: str) -> None:
    left = embedded_sheet(embedded_named(many)).column(column)
    right = embedded_sheet(embedded_named(one)).column(key)
    assert len(right.distinct) == len(right.values)
    found = sum(value in set(right.distinct) for value in left.distinct)
    assert found > 0.8 * len(left.distinct)


def test_samples_are_taken_from_the_shared_tables_by_their_rule() -> None:
    flights = embedded_named("nyc_flights")
    assert flights.sample == (
        "of a sample of 20,000 of the 336,776 rows (SHA-256 "
        f"{FLIGHTS}) the header and lines 2, 12, 22, ... 19,992"
    )
    assert {table.name for table in embedded_tables() if table.sample} == {"nyc_flights"}


@pytest.mark.needs("shared-tables")
def test_the_sample_of_flights_can_be_taken_again(shared_tables: Path) -> None:
    data = (shared_tables / "nyc_flights.csv").read_bytes()
    lines = data.splitlines(keepends=True)
    sample = b"".join([lines[0], *lines[1::10]])
    assert hashlib.sha256(data).hexdigest() == FLIGHTS
    assert hashlib.sha256(sample).hexdigest() == embedded_named("nyc_flights").sha256


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BadRequest) as caught:
        embedded_named("pinguins")
    assert str(caught.value).startswith(
        "no embedded table 'pinguins': wanted one of auto_mpg, elements, "
    )


def test_changed_file_is_refused() -> None:
    changed = embedded_named("penguins").replace(sha256="0" * 64)
    with pytest.raises(StaleInput, match=r"^penguins\.csv changed: wanted 0000"):
        embedded_sheet(changed)
