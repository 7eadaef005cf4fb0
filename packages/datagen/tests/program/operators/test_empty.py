"""Rows with empty cells, in both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.program.datum import Datum, Rows
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.engine.sqlite import SqlEngine
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

FISH = call("filter_equal", TABLE, column="kind", value="fish")


@pytest.mark.parametrize(
    ("rows", "positions"),
    [
        (call("empty_rows", TABLE, column="mass"), [7]),
        (call("empty_rows", TABLE, column="name"), []),
        (call("incomplete_rows", TABLE), [4, 5, 7, 8, 9]),
        (call("incomplete_rows", FISH), [9]),
    ],
)
def test_rows_with_empty_cells(
    zoo: Sheet,
    both: Callable[[Expression], Datum],
    rows: Expression,
    positions: list[int],
) -> None:
    assert Interpreter(zoo).value(rows) == Rows(positions)
    assert both(call("count", rows)) == len(positions)


def test_no_column_with_empty_cells_gives_no_rows() -> None:
    full = parse_sheet(b"a,b\n1,2\n3,4\n", name="full", where="full.csv")
    count = call("count", call("incomplete_rows", TABLE))
    with SqlEngine(full) as sql:
        assert (Interpreter(full).value(count), sql.value(count)) == (0, 0)


def test_a_thousand_sparse_columns_stay_within_the_depth_of_sqlite() -> None:
    header = ",".join(f"c{i}" for i in range(1000))
    data = f"{header}\n{',' * 999}1\n{'1,' * 999}1\n".encode()
    wide = parse_sheet(data, name="wide", where="wide.csv")
    count = call("count", call("incomplete_rows", TABLE))
    with SqlEngine(wide) as sql:
        assert sql.value(count) == Interpreter(wide).value(count) == 1
