"""From delimited text to a header and records of equally many cells (RFC 4180 and its relatives).

Delimiters: comma, semicolon, tab or bar. Quoted cells may hold newlines. Blank lines go. What
stands behind the last column goes where it is empty: a delimiter at the end of lines makes no
column. A line that is longer or shorter than the header otherwise is refused.

Refused, by reason: ``broken_quotes``, ``long_cell``, ``no_header``, ``duplicate_header``,
``ragged_row``, ``no_rows``, ``prose``, ``too_wide``.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.notation import is_number

DELIMITERS = (",", ";", "\t", "|")
"""In order of preference where the file fits several equally well."""

SNIFFED_RECORDS = 100
MAX_COLUMNS = 1_000
"""sqlite, the second engine, holds up to 2,000 columns a table (SQLITE_MAX_COLUMN)."""

MAX_WORDS = 8
"""A single column whose header or typical cell has more words than this is prose, not a table."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table of texts.

    Attributes:
        header: A different name for every column.
        columns: The cells of each column, white space around them removed.
        notes: What was dropped, a sentence each.
    """

    header: Sequence[str]
    columns: Sequence[Sequence[str]]
    notes: tuple[str, ...] = ()


def grid(text: str, delimiter: str, *, where: str, is_normal: bool = False) -> Grid:
    """Read delimited text.

    Args:
        text: The file's text, lines ended by ``\\n``.
        delimiter: What stands between the cells of a line.
        where: The file, for messages.
        is_normal: Whether we wrote it ourselves, so that a header of numbers is a header and long
            texts are cells.

    Raises:
        NotATable: with one of the reasons above.
    """
    records = _records(text, delimiter, where)
    if not records:
        _refuse(where, "no_rows", "a header line and data", "only blank lines", "add rows")
    named, rows = records[0], records[1:]
    if not rows:
        _refuse(where, "no_rows", "at least one data row", "none", "add rows below the header")
    width = _width(named, rows)
    ragged = next((at for at, cells in enumerate(rows) if _is_ragged(cells, width)), None)
    if ragged is not None:
        _refuse(
            f"{where} line {_line(text, delimiter, ragged + 1)}",
            "ragged_row",
            f"{width} cells as in the header",
            f"{len(rows[ragged])}",
            "quote cells that hold the delimiter, or mend the row",
        )
    notes = []
    if longer := sum(len(cells) > len(named) for cells in rows):
        notes.append(f"{longer} of {len(rows)} rows end with empty cells beyond the header")
    if width < len(named):
        notes.append("every line ends with a delimiter, which makes no column")
    if not is_normal:
        _refuse_values(named[:width], where)
    header = checked_header(named[:width], where=where)
    fitted = rows if width == len(named) and not longer else [cells[:width] for cells in rows]
    columns = [[*map(str.strip, column)] for column in zip(*fitted, strict=True)]
    if not is_normal:
        _refuse_prose(header, columns, where)
    return Grid(header=header, columns=columns, notes=tuple(notes))


def delimiter_of(text: str) -> str:
    """Choose the delimiter under which most records are as wide as the header."""
    best, best_score = ",", (0.0, 1)
    for delimiter in DELIMITERS:
        widths = _widths(text, delimiter)
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def checked_header(names: Sequence[str], *, where: str) -> list[str]:
    """Return the names of the columns, white space folded, those without a name numbered.

    Raises:
        NotATable: ``too_wide`` or ``duplicate_header``.
    """
    if len(names) > MAX_COLUMNS:
        wanted, remedy = f"at most {MAX_COLUMNS} columns", "keep the columns that matter"
        _refuse(where, "too_wide", wanted, str(len(names)), remedy)
    folded = [" ".join(name.split()) for name in names]
    header = [name or f"column_{index}" for index, name in enumerate(folded, start=1)]
    _refuse_duplicates(header, where)
    return header


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


def _records(text: str, delimiter: str, where: str) -> list[list[str]]:
    """Return the cells of every record that is no blank line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [record for record in reader if record]
    except csv.Error as error:
        line = f"{where} line {reader.line_num}"
        if "field larger than field limit" in str(error):
            most = f"{csv.field_size_limit():,}"
            remedy = "leave that column out, or mend a quote that is never closed"
            _refuse(
                line, "long_cell", f"cells of at most {most} characters", "a longer one", remedy
            )
        _refuse(line, "broken_quotes", "CSV (RFC 4180)", str(error), "mend the quotes")


def _width(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns there are; an unnamed last one that is empty throughout is none."""
    width = len(header)
    if (
        width < 2
        or header[-1].strip()
        or any("".join(cells[width - 1 :]).strip() for cells in rows)
    ):
        return width
    return width - 1


def _is_ragged(cells: Sequence[str], width: int) -> bool:
    """Tell whether a record is shorter than the header, or has a value beyond it."""
    return len(cells) != width and (len(cells) < width or bool("".join(cells[width:]).strip()))


def _line(text: str, delimiter: str, position: int) -> int:
    """Return the number of the last line of the record that stands at a position."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = (reader.line_num for record in reader if record)
    return next(itertools.islice(lines, position, None))


def _refuse_values(names: Sequence[str], where: str) -> None:
    """Refuse a first line that holds values and no names."""
    folded = [" ".join(name.split()) for name in names]
    numbers = [name for name in folded if is_number(name)]
    if 2 * len(numbers) > len(folded) and not all(_is_year(name) for name in numbers):
        got = ", ".join(folded[:6])
        remedy = "put a line with the column names first"
        _refuse(f"{where} line 1", "no_header", "column names", f"the values {got}", remedy)


def _refuse_duplicates(header: Sequence[str], where: str) -> None:
    first: dict[str, int] = {}
    for index, name in enumerate(header, start=1):
        if name in first:
            got = f"{name!r} twice (columns {first[name]} and {index})"
            wanted, remedy = "a different name for every column", "rename one of them"
            _refuse(f"{where} line 1", "duplicate_header", wanted, got, remedy)
        first[name] = index


def _is_year(name: str) -> bool:
    return len(name) == 4 and name.isdigit() and 1000 <= int(name) < 3000


def _refuse_prose(header: Sequence[str], columns: Sequence[Sequence[str]], where: str) -> None:
    """Refuse a file that has one column only because it is no table at all."""
    if len(header) > 1:
        return
    lengths = sorted(len(cell.split()) for cell in columns[0])
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
