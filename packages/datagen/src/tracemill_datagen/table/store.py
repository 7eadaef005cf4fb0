"""Tables in a workspace: ``NAME.csv`` in normal form and ``NAME.table.json`` beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.table.embedded import embedded_sheet, embedded_tables
from tracemill_datagen.table.join import JoinedSheet, joined, joined_name, joins
from tracemill_datagen.table.profile import profile
from tracemill_datagen.table.reader import parse_normal, read_sheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.table.writer import csv_bytes
from tracemill_schema.jsonl import read_record, write_bytes, write_record
from tracemill_schema.table import Table

SUFFIX = ".table.json"
UNSTATED = "unstated"
"""Licence of a table that a user brings: we do not know it, and say so in every artifact."""


def profiled(paths: Sequence[Path]) -> list[tuple[Sheet, Table]]:
    """Read and profile files, or the default embedded tables if no path is given.

    Raises:
        BadRequest: if two files would have the same name in the workspace.
        NotATable: if a file cannot be read as a table.
    """
    if not paths:
        embedded = [(o, embedded_sheet(o)) for o in embedded_tables() if o.is_default]
        return [
            (sheet, profile(sheet, source=origin.source, licence=origin.licence))
            for origin, sheet in embedded
        ]
    tables = [profiled_file(path) for path in paths]
    first: dict[str, Path] = {}
    for (sheet, _), path in zip(tables, paths, strict=True):
        if sheet.name in first:
            raise same_name(sheet.name, first[sheet.name], path)
        first[sheet.name] = path
    return tables


def profiled_file(path: Path) -> tuple[Sheet, Table]:
    """Read and profile a file; one that ``store`` wrote is loaded as it was stored.

    Raises:
        NotATable: if the file cannot be read as a table.
    """
    stored = _stored(path)
    if stored is not None:
        return stored
    sheet = read_sheet(path)
    return sheet, profile(sheet, source=path.name, licence=UNSTATED)


def same_name(name: str, first: Path, second: Path) -> BadRequest:
    """Return the fault that two files would be tables of the same name."""
    return BadRequest(
        f"{first} and {second} would both be table {name!r}: wanted different file names; "
        "rename one of them"
    )


def store(folder: Path, sheet: Sheet, table: Table) -> bool:
    """Write a table and its profile; return False if both already stand there as they are."""
    data, record = csv_bytes(sheet.columns), table.to_bytes() + b"\n"
    csv_path, record_path = folder / f"{sheet.name}.csv", folder / f"{sheet.name}{SUFFIX}"
    if _holds(csv_path, data) and _holds(record_path, record):
        return False
    write_bytes(csv_path, data)
    write_record(record_path, table)
    return True


def stored_names(folder: Path) -> tuple[str, ...]:
    """Return the names of a folder's tables, in order."""
    return tuple(sorted(path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}")))


def load(folder: Path, name: str) -> tuple[Sheet, Table]:
    """Read a stored table.

    Raises:
        StaleInput: if the CSV file is not the one that was profiled.
        RecordError: if the profile is not table.v1.
    """
    table = read_record(folder / f"{name}{SUFFIX}", Table)
    path = folder / f"{name}.csv"
    data = path.read_bytes() if path.is_file() else b""
    digest = hashlib.sha256(data).hexdigest()
    if digest != table.id:
        remedy = "run the tables stage again, then the stages after it"
        raise StaleInput(where=str(path), wanted=table.id, got=digest, remedy=remedy)
    sheet = parse_normal(data, name=name, where=str(path))
    return _with_hints(sheet, table), table


def parts_of(folder: Path, name: str) -> tuple[str, str] | None:
    """Return the two stored tables that have a name as one, None if there are none."""
    pairs = permutations(stored_names(folder), 2)
    return next(((left, right) for left, right in pairs if joined_name(left, right) == name), None)


def load_joined(folder: Path, left: str, right: str) -> tuple[JoinedSheet, Table] | None:
    """Read two stored tables as one, with the profile of that one; None if nothing ties them.

    Raises:
        StaleInput: if a CSV file is not the one that was profiled.
        RecordError: if a profile is not table.v1.
    """
    both = [load(folder, name) for name in (left, right)]
    found = [join for join in joins([sheet for sheet, _ in both]) if join.left.name == left]
    if not found:
        return None
    sheet = joined(found[0])
    source = " and ".join(dict.fromkeys(table.source for _, table in both))
    licence = " AND ".join(sorted({table.licence for _, table in both}))
    return sheet, profile(sheet, source=source, licence=licence)


def _with_hints(sheet: Sheet, table: Table) -> Sheet:
    """Give a sheet what its normal CSV cannot hold: units and notes."""
    units = {column.name: column.unit for column in table.columns}
    columns = tuple(replace(column, unit=units[column.name]) for column in sheet.columns)
    return replace(sheet, columns=columns, notes=table.facts.notes if table.facts else ())


def _stored(path: Path) -> tuple[Sheet, Table] | None:
    """Return a table that ``store`` wrote, None if the file is another or was changed since."""
    record = path.with_name(f"{path.stem}{SUFFIX}")
    if path.suffix != ".csv" or not (path.is_file() and record.is_file()):
        return None
    table = read_record(record, Table)
    if table.name != path.stem or hashlib.sha256(path.read_bytes()).hexdigest() != table.id:
        return None
    return load(path.parent, path.stem)


def remove(folder: Path, name: str) -> None:
    """Remove a stored table, profile first, so that no profile stands without its table."""
    (folder / f"{name}{SUFFIX}").unlink(missing_ok=True)
    (folder / f"{name}.csv").unlink(missing_ok=True)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
