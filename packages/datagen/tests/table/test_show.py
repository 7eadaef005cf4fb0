# ruff: noqa: E501 - the lines of the expected output are as long as they are
"""A profile as text."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.profile import profile
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.show import shown
from tracemill_schema.table import Column, Table

DATA = b"""\
shop_id;when_it_was_opened_for_the_first_time;size_kg;kind;year;empty;level
7;01.05.2012;1.234,5;a;2012;;low
3;02.05.2012;2,5;a;2013;;12
9;03.05.2012;;b;2013;;high
9;03.05.2012;;b;2013;;high
"""


def record(data: bytes = DATA) -> Table:
    sheet = parse_sheet(data, name="t", where="t.csv")
    return profile(sheet, source="t.csv", licence="unstated")


WIDE = """\
t: 4 rows, 7 columns
source t.csv; licence unstated; id {id}
  column                                 kind        unit  empty  distinct  tied  groups         min         max   mean  order
  shop_id                                identifier            0         3     2     1-2
  when_it_was_opened_for_the_first_time  datetime              0         3     2          2012-05-01  2012-05-03         rises, ties
  size_kg                                number      kg        2         2     0                 2.5     1,234.5  618.5  falls
  kind                                   category              0         2     4     2-2                                 rises, ties
  year                                   integer               0         2     3     1-3        2012        2013         rises, ties
  empty                                  text                  4         0     0
  level                                  text                  0         3     2     1-2
note: column 'when_it_was_opened_for_the_first_time': '01.05.2012' is read as day.month.year: 2012-05-01
note: column 'size_kg': '1.234,5' is read as the number 1234.5
note: 1 row equal to an earlier one in every cell
note: shop_id identifies, by its name; it is never measured
note: empty has no value in any row
note: level is text, though 1 of 4 cells are written like numbers"""


def test_a_wide_terminal_shows_everything_and_notes() -> None:
    table = record()
    assert shown(table, width=140) == WIDE.format(id=table.id[:16])


@pytest.mark.parametrize("width", [60, 70, 80, 100, 120])
def test_no_line_of_the_grid_is_wider_than_the_terminal(width: int) -> None:
    lines = shown(record(), width=width).splitlines()
    grid = [line for line in lines[2:] if not line.startswith("note: ")]
    assert len(grid) == 8
    assert max(map(len, grid)) <= width
    assert grid[0].startswith("  column ")
    assert "…" in grid[2]


def test_a_profile_from_before_there_were_facts_is_shown() -> None:
    column = Column(name="mass", kind="number", nulls=0, distinct=3, unit="g")
    table = Table(id="0" * 64, name="t", source="s", licence="CC0", rows=3, columns=(column,))
    assert shown(table, width=80).splitlines()[2:] == [
        "  column  kind    unit  empty  distinct",
        "  mass    number  g         0         3",
    ]


def test_keys_and_constant_columns_are_noted() -> None:
    lines = shown(record(b"id,firm,x\n1,a,5\n2,b,5\n"), width=80).splitlines()
    assert "note: every row has its own: id, firm" in lines
    assert "note: x has the same value in all its cells" in lines
    pairs = shown(record(b"firm,year,x\na,1,5\na,2,6\nb,1,5\n"), width=80)
    assert "note: every row has its own: firm + year" in pairs


def test_what_questions_add_up_is_noted() -> None:
    rows = b"".join(b"%d,%d,%d.5\n" % (n, n * n, n) for n in (1, 5, 3, 8, 6, 9))
    lines = shown(record(b"sold,population,price\n" + rows), width=80).splitlines()
    assert "note: questions add up sold, population" in lines
    lines = shown(record(b"year,population,price\n" + rows), width=80).splitlines()
    assert "note: questions add up no column" in lines
