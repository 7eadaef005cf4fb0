"""Puts a table into sqlite as ``t (id, c0, c1, ...)``; two that are joined, SQL joins there."""

# ruff: noqa: S608 - the SQL is made of fixed names and column positions only
from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tracemill_datagen.table.join import JoinedSheet
from tracemill_datagen.table.sheet import Sheet, SheetColumn


def load(connection: sqlite3.Connection, sheet: Sheet) -> None:
    """Make the table ``t`` of a sheet; ``id`` counts its rows from 0 in their order."""
    if not isinstance(sheet, JoinedSheet):
        _fill(connection, "t", sheet.columns)
        return
    join = sheet.join
    _fill(connection, "l", join.left.columns)
    _fill(connection, "r", join.right.columns)
    own = [f"l.c{position}" for position in range(len(join.left.columns))]
    found = [f"r.c{join.right.positions[column.name]}" for column in sheet.looked_up]
    _make(connection, "t", len(sheet.columns))
    left, right = join.left.positions[join.left_key], join.right.positions[join.right_key]
    connection.execute(
        "INSERT INTO t SELECT ROW_NUMBER() OVER (ORDER BY l.id) - 1, "
        f"{', '.join((*own, *found))} FROM l JOIN r ON l.c{left} = r.c{right}"
    )


def _fill(connection: sqlite3.Connection, name: str, columns: Sequence[SheetColumn]) -> None:
    _make(connection, name, len(columns))
    marks = ", ".join("?" for _ in range(len(columns) + 1))
    cells = [column.values for column in columns]
    numbered = zip(range(len(cells[0])), *cells, strict=True)
    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", numbered)


def _make(connection: sqlite3.Connection, name: str, columns: int) -> None:
    names = ", ".join(f"c{position}" for position in range(columns))
    connection.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, {names})")
