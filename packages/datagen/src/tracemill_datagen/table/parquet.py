"""Reads a Parquet file into a grid of texts, through duckdb.

Every type has a line in ``TYPES`` or is refused by name. Cells become the texts of the normal CSV
and are then typed like those of any plain CSV, so that a table is the same whichever way it came.
So texts like ``007`` stay text, and integers of more than 15 digits become it: a double, which is
what other engines may hold them in, does not tell 2**53 from 2**53 + 1.

duckdb is one wheel without dependencies. pyarrow would change how pandas stores texts wherever
both are installed, and so what a solver's program sees.

Refused, by reason: ``broken_parquet``, ``column_type``, ``infinite``, ``long_cell``, ``no_rows``,
``too_wide``, ``duplicate_header``.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.cell import MAX_DIGITS, NULLS
from tracemill_datagen.table.delimited import Grid, checked_header
from tracemill_datagen.table.writer import cell_text

if TYPE_CHECKING:
    import duckdb

MAGIC = b"PAR1"
"""First and last bytes of a file (https://parquet.apache.org/docs/file-format/)."""


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """How the cells of a type become text.

    Attributes:
        sql: Expression over ``{column}`` that gives a text.
        becomes: What a person is told.
        texts: Turns those of a whole column, empty for no value, into those of the normal CSV.
    """

    sql: str
    becomes: str
    texts: Callable[[Sequence[str]], Sequence[str]] = list


def _floats(cells: Sequence[str]) -> Sequence[str]:
    """Write each number as the normal CSV does; NaN is no value."""
    return ["" if cell in {"", "nan", "-nan"} else cell_text(float(cell)) for cell in cells]


def _moments(cells: Sequence[str]) -> Sequence[str]:
    """Take off the part of a second that no cell needs: all of it, or the nanoseconds."""
    present = [cell for cell in cells if cell]
    for zeros in (".000000000", "000"):
        if all(cell.endswith(zeros) for cell in present):
            return [cell.removesuffix(zeros) for cell in cells]
    return cells


def _moments_utc(cells: Sequence[str]) -> Sequence[str]:
    return [f"{cell}Z" if cell else "" for cell in _moments(cells)]


_AS_TEXT = "CAST({column} AS VARCHAR)"
_NANOSECONDS = "%Y-%m-%dT%H:%M:%S.%n"

_WHOLE = Mapped(sql=_AS_TEXT, becomes="integer; over 15 digits text")
_FLOAT = Mapped(sql=_AS_TEXT, becomes="number; NaN is no value", texts=_floats)
_MOMENT = Mapped(
    sql=f"strftime({{column}}, '{_NANOSECONDS}')",
    becomes="datetime; with nanoseconds text",
    texts=_moments,
)
_TEXT = Mapped(sql=_AS_TEXT, becomes="text, or what all its cells plainly are")

TYPES: Mapping[str, Mapped] = {
    "BOOLEAN": Mapped(
        sql="CASE {column} WHEN true THEN 'True' WHEN false THEN 'False' END", becomes="boolean"
    ),
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), _WHOLE),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), _WHOLE),
    **dict.fromkeys(("FLOAT", "DOUBLE"), _FLOAT),
    "DECIMAL": Mapped(sql=_AS_TEXT, becomes="number or integer; as the nearest double"),
    **dict.fromkeys(("VARCHAR", "UUID", "TIME"), _TEXT),
    "DATE": Mapped(sql="strftime({column}, '%Y-%m-%d')", becomes="datetime"),
    **dict.fromkeys(("TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMP_NS"), _MOMENT),
    "TIMESTAMP WITH TIME ZONE": Mapped(
        sql=f"strftime(make_timestamp(epoch_us({{column}})), '{_NANOSECONDS}')",
        becomes="datetime in UTC",
        texts=_moments_utc,
    ),
}
"""duckdb's name of a type -> its cells. Dictionaries and enumerations of a file are VARCHAR here.
Without a line: lists, structs, maps, blobs, intervals, times with a zone and the rest."""

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
}
"""One core, as any reader takes, and nothing from the network."""

INFINITE = frozenset({"inf", "-inf", "infinity", "-infinity"})


def parquet_grid(data: bytes, *, where: str) -> Grid:
    """Read a Parquet file.

    Args:
        data: Its bytes.
        where: The file, for messages.

    Raises:
        NotATable: with one of the reasons above.
    """
    import duckdb  # noqa: PLC0415 - 60 MB that no other reader needs

    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config=CONFIG) as connection:
        # A name of our own: duckdb takes *, ? and [ in a path for a pattern of many files.
        path = Path(folder) / "table.parquet"
        path.write_bytes(data)
        try:
            return _grid(connection, path, where)
        except duckdb.Error as error:
            got = str(error).partition("\n")[0].replace(str(path), "the file")
            remedy = "write the file again, unencrypted"
            _refuse(where, "broken_parquet", "a whole Parquet file", got, remedy)


def _grid(connection: duckdb.DuckDBPyConnection, path: Path, where: str) -> Grid:
    relation = connection.read_parquet(str(path), hive_partitioning=False)
    names, types = relation.columns, [str(each) for each in relation.types]
    header = checked_header(names, where=where)
    mapped = [_mapped(*pair, where=where) for pair in zip(header, types, strict=True)]
    quoted = ['"{}"'.format(name.replace('"', '""')) for name in names]
    asked = ", ".join(
        each.sql.format(column=name) for each, name in zip(mapped, quoted, strict=True)
    )
    rows = relation.project(asked).fetchall()
    if not rows:
        _refuse(where, "no_rows", "at least one data row", "none", "add rows")
    columns = [
        ["" if cell is None else str(cell).strip() for cell in cells]
        for cells in zip(*rows, strict=True)
    ]
    _check_cells(header, types, columns, where)
    columns = [[*each.texts(cells)] for each, cells in zip(mapped, columns, strict=True)]
    return Grid(header=header, columns=columns, notes=_notes(header, types, columns))


def _mapped(name: str, type_name: str, *, where: str) -> Mapped:
    found = TYPES.get("DECIMAL" if type_name.startswith("DECIMAL(") else type_name)
    if found is None:
        got = f"column {name!r} of type {type_name}"
        remedy = "leave that column out, or write its parts as columns"
        _refuse(where, "column_type", "columns of single values", got, remedy)
    return found


def _check_cells(
    header: Sequence[str], types: Sequence[str], columns: Sequence[Sequence[str]], where: str
) -> None:
    most = csv.field_size_limit()
    for name, type_name, cells in zip(header, types, columns, strict=True):
        if any(len(cell) > most for cell in cells):
            got = f"a longer one in column {name!r}"
            _refuse(
                where, "long_cell", f"cells of at most {most:,} characters", got, "leave it out"
            )
        found = next((cell for cell in cells if cell in INFINITE), None)
        if found is not None and type_name != "VARCHAR":
            remedy = "write another value, or none, in its place"
            _refuse(where, "infinite", "finite values", f"{found} in column {name!r}", remedy)


def _notes(
    header: Sequence[str], types: Sequence[str], columns: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    notes = []
    for name, type_name, cells in zip(header, types, columns, strict=True):
        lost = sum(cell in NULLS for cell in cells if cell)
        if lost:
            notes.append(f"column {name!r}: {lost} texts like 'NA' are taken for no value")
        if _WHOLE is TYPES.get(type_name) and any(len(c.lstrip("-")) > MAX_DIGITS for c in cells):
            notes.append(
                f"column {name!r}: integers of more than {MAX_DIGITS} digits are kept as text"
            )
    return tuple(notes)


def _refuse(where: str, reason: str, wanted: str, got: str, remedy: str) -> NoReturn:
    raise NotATable(where=where, reason=reason, wanted=wanted, got=got, remedy=remedy)
