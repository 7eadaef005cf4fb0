"""Reads a CSV file into a typed sheet, or refuses it with a named reason.

Read: UTF-8 (with or without mark), else Windows-1252 / Latin-1; comma, semicolon, tab or bar;
quoted newlines; thousands separators; the usual texts for "no value". Cells are trimmed.

Refused, by reason: ``missing``, ``empty``, ``binary``, ``not_text``, ``markup``, ``json``,
``broken_quotes``, ``no_header``, ``duplicate_header``, ``ragged_row``, ``no_rows``, ``prose``,
``too_wide``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.cell import is_number, typed
from tracemill_datagen.table.kind import kind_of
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_datagen.table.text import decoded
from tracemill_datagen.table.writer import csv_bytes

DELIMITERS = (",", ";", "\t", "|")
"""In order of preference where the file fits several equally well."""

SNIFFED_RECORDS = 100
MAX_COLUMNS = 1_000
"""sqlite, the second engine, holds up to 2,000 columns a table (SQLITE_MAX_COLUMN)."""

MAX_WORDS = 8
"""A single column whose header or typical cell has more words than this is prose, not a table."""


def read_sheet(path: Path, *, name: str | None = None) -> Sheet:
    """Read a CSV file.

    Args:
        path: The file.
        name: The table's name; by default made from the file's name.

    Raises:
        NotATable: with the reason, where, what was wanted and what to do.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotATable(
            where=str(path),
            reason="missing",
            wanted="a readable CSV file",
            got=error.strerror or str(error),
            remedy="check the path",
        ) from error
    return parse_sheet(data, name=name or table_name(path.stem), where=str(path))


def table_name(stem: str) -> str:
    """Turn a file's stem into a table name: lower-case letters, digits, ``_`` and ``-``."""
    name = re.sub(r"[^a-z0-9_-]+", "_", stem.lower()).strip("_-")
    return (name if name[:1].isalpha() else f"table_{name}".rstrip("_"))[:64]


def parse_sheet(data: bytes, *, name: str, where: str) -> Sheet:
    """Read CSV bytes; raises like ``read_sheet``."""
    text = decoded(data, where=where)
    header, records = _records(text, _delimiter(text, where), where)
    _check_prose(header, records, where)
    return _sheet(name, header, records)


def parse_normal(data: bytes, *, name: str, where: str) -> Sheet:
    """Read a table's normal CSV bytes: the inverse of ``csv_bytes``, so nothing is guessed.

    Args:
        data: What ``tracemill_datagen.table.writer.csv_bytes`` gave.
        name: The table's name.
        where: The file, for messages.

    Raises:
        NotATable: if the bytes are in no normal form.
    """
    header, records = _records(data.decode(), ",", where)
    return _sheet(name, header, records)


def _sheet(name: str, header: Sequence[str], records: Sequence[Sequence[str]]) -> Sheet:
    columns = tuple(
        _column(title, [record[index].strip() for record in records])
        for index, title in enumerate(header)
    )
    digest = hashlib.sha256(csv_bytes(columns)).hexdigest()
    return Sheet(name=name, digest=digest, columns=columns)


def _column(name: str, texts: Sequence[str]) -> SheetColumn:
    typing, values = typed(texts)
    return SheetColumn(name=name, kind=kind_of(name, typing, values), values=values)


def _delimiter(text: str, where: str) -> str:
    """Choose the delimiter under which most records are as wide as the header."""
    best, best_score = ",", (0.0, 1)
    for delimiter in DELIMITERS:
        widths = _widths(text, delimiter)
        if not widths:
            _refuse(where, "no_rows", "a header line and data", "only blank lines", "add rows")
        if widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(text: str, delimiter: str) -> list[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths: list[int] = []
    try:
        for record in reader:
            if record:
                widths.append(len(record))
            if len(widths) == SNIFFED_RECORDS:
                break
    except csv.Error:
        return widths or [1]
    return widths


def _records(text: str, delimiter: str, where: str) -> tuple[list[str], list[list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    records: list[list[str]] = []
    try:
        for record in reader:
            if not record:
                continue
            if not header:
                header = _header(record, where)
            elif len(record) != len(header):
                _refuse(
                    f"{where} line {reader.line_num}",
                    "ragged_row",
                    f"{len(header)} cells as in the header",
                    f"{len(record)}",
                    "quote cells that hold the delimiter, or mend the row",
                )
            else:
                records.append(record)
    except csv.Error as error:
        line = f"{where} line {reader.line_num}"
        _refuse(line, "broken_quotes", "CSV (RFC 4180)", str(error), "mend the quotes")
    if not records:
        _refuse(where, "no_rows", "at least one data row", "none", "add rows below the header")
    return header, records


def _header(record: Sequence[str], where: str) -> list[str]:
    if len(record) > MAX_COLUMNS:
        wanted, remedy = f"at most {MAX_COLUMNS} columns", "keep the columns that matter"
        _refuse(where, "too_wide", wanted, str(len(record)), remedy)
    names = [" ".join(cell.split()) for cell in record]
    numbers = [name for name in names if is_number(name)]
    if 2 * len(numbers) > len(names) and not all(_is_year(name) for name in numbers):
        got = ", ".join(names[:6])
        remedy = "put a line with the column names first"
        _refuse(f"{where} line 1", "no_header", "column names", f"the values {got}", remedy)
    names = [name or f"column_{index}" for index, name in enumerate(names, start=1)]
    for index, name in enumerate(names):
        if name in names[:index]:
            got = f"{name!r} twice (columns {names.index(name) + 1} and {index + 1})"
            wanted, remedy = "a different name for every column", "rename one of them"
            _refuse(f"{where} line 1", "duplicate_header", wanted, got, remedy)
    return names


def _is_year(name: str) -> bool:
    return len(name) == 4 and name.isdigit() and 1000 <= int(name) < 3000


def _check_prose(header: Sequence[str], records: Sequence[Sequence[str]], where: str) -> None:
    """Refuse a file that has one column only because it is no table at all."""
    if len(header) > 1:
        return
    lengths = sorted(len(record[0].split()) for record in records)
    if len(header[0].split()) > MAX_WORDS or lengths[len(lengths) // 2] > MAX_WORDS:
        _refuse(
            where,
            "prose",
            "columns separated by comma, semicolon, tab or bar",
            f"one column of running text that begins {header[0][:40]!r}",
            "export the data as CSV",
        )


def _refuse(where: str, reason: str, wanted: str, got: str, remedy: str) -> NoReturn:
    raise NotATable(where=where, reason=reason, wanted=wanted, got=got, remedy=remedy)
