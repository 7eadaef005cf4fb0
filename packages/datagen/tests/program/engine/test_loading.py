"""Tables in sqlite."""

from __future__ import annotations

import sqlite3

from tracemill_datagen.program.engine.loading import load
from tracemill_datagen.table.join import joined, joins
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet


def sheet(text: str, name: str) -> Sheet:
    return parse_sheet(text.encode(), name=name, where=f"{name}.csv")


def rows_of(table: Sheet) -> list[tuple[object, ...]]:
    with sqlite3.connect(":memory:") as connection:
        load(connection, table)
        return connection.execute("SELECT * FROM t ORDER BY id").fetchall()


def test_rows_keep_their_order_and_are_counted_from_0() -> None:
    table = sheet("x,y\n3,b\n,a\n1,\n", "small")
    assert rows_of(table) == [(0, 3, "b"), (1, None, "a"), (2, 1, None)]


def test_two_tables_are_joined_as_the_first_engine_joins_them() -> None:
    keys = [key for key in ("Qx", "Ax", "Cx", "Bx", "Dx", "Ex") for _ in range(3)]
    left = sheet("k,n\n" + "".join(f"{k},{n}\n" for n, k in enumerate(["Zx", *keys])), "left")
    right = sheet("code,word\n" + "".join(f"{c}x,{c.lower()}\n" for c in "EDCBAQP"), "right")
    (join,) = joins([left, right])
    whole = joined(join)
    found = rows_of(whole)
    assert len(found) == 18
    assert found[0] == (0, "Qx", 1, "q")
    cells = list(zip(*(column.values for column in whole.columns), strict=True))
    assert [row[1:] for row in found] == cells
