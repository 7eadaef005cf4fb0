"""Reads a CSV or Parquet file into a typed sheet, or refuses it with a named reason.

    file (source_file) -> text (text) -> grid of texts (delimited) -> typed columns (dialect)
                       -> Parquet (parquet) -> grid of texts -------> plain columns (cell)

Each of these modules lists the reasons for which it refuses a file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from tracemill_datagen.table.cell import typed
from tracemill_datagen.table.delimited import Grid, delimiter_of, grid
from tracemill_datagen.table.dialect import Typed, typed_columns
from tracemill_datagen.table.kind import kind_of
from tracemill_datagen.table.parquet import MAGIC, parquet_grid
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.table.source_file import contents, stem
from tracemill_datagen.table.text import SURE, decoded
from tracemill_datagen.table.unit import unit_of
from tracemill_datagen.table.writer import csv_bytes

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def read_sheet(path: Path, *, name: str | None = None) -> Sheet:
    """Read a CSV file, packed with gzip or not, or a Parquet file.

    Args:
        path: The file; what it is tells its content and not its name.
        name: The table's name; by default made from the file's name.

    Raises:
        NotATable: with the reason, where, what was wanted and what to do.
    """
    data = contents(path)
    called, where = name or table_name(stem(path)), str(path)
    if data.startswith(MAGIC):
        return _plain_sheet(called, parquet_grid(data, where=where))
    return parse_sheet(data, name=called, where=where)


def table_name(file_stem: str) -> str:
    """Turn a file's stem into a table name: lower-case letters, digits, ``_`` and ``-``."""
    name = re.sub(r"[^a-z0-9_-]+", "_", file_stem.lower()).strip("_-")
    return (name if name[:1].isalpha() else f"table_{name}".rstrip("_"))[:64]


def parse_sheet(data: bytes, *, name: str, where: str) -> Sheet:
    """Read CSV bytes; raises like ``read_sheet``."""
    text, encoding = decoded(data, where=where)
    delimiter = delimiter_of(text)
    found = grid(text, delimiter, where=where)
    columns = typed_columns(found.columns, delimiter=delimiter)
    remarks = [
        f"column {title!r}: {column.note}"
        for title, column in zip(found.header, columns, strict=True)
        if column.note
    ]
    notes = (*_of_text(text, encoding), *found.notes, *remarks)
    return _sheet(name, found.header, columns, notes)


def parse_normal(data: bytes, *, name: str, where: str) -> Sheet:
    """Read a table's normal CSV bytes: the inverse of ``csv_bytes``, so nothing is guessed.

    Args:
        data: What ``tracemill_datagen.table.writer.csv_bytes`` gave.
        name: The table's name.
        where: The file, for messages.

    Raises:
        NotATable: if the bytes are in no normal form.
    """
    return _plain_sheet(name, grid(data.decode(), ",", where=where, is_normal=True))


def _of_text(text: str, encoding: str) -> tuple[str, ...]:
    notes = []
    if encoding not in SURE:
        notes.append(f"the file is not UTF-8 and was read as {encoding}: look at its accents")
    if REPLACEMENT in text:
        notes.append(f"{text.count(REPLACEMENT)} characters were lost before: they stand as U+FFFD")
    return tuple(notes)


def _plain_sheet(name: str, found: Grid) -> Sheet:
    columns = [Typed(typing=typing, cells=cells) for typing, cells in map(typed, found.columns)]
    return _sheet(name, found.header, columns, found.notes)


def _sheet(
    name: str, header: Sequence[str], typed_cells: Sequence[Typed], notes: tuple[str, ...]
) -> Sheet:
    pairs = zip(header, typed_cells, strict=True)
    columns = tuple(_column(title, column) for title, column in pairs)
    digest = hashlib.sha256(csv_bytes(columns)).hexdigest()
    return Sheet(name=name, digest=digest, columns=columns, notes=notes)


def _column(name: str, column: Typed) -> SheetColumn:
    # From what the normal CSV holds, too: a table must be the same when it is read from there.
    kind = kind_of(name, column.typing, column.cells)
    quantity = kind in {"integer", "number"}
    unit = (column.unit or unit_of(name)) if quantity else None
    return SheetColumn(name=name, kind=kind, values=column.cells, unit=unit)
