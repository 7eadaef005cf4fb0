"""How a file writes its numbers and dates."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.dialect import typed_columns
from tracemill_datagen.table.sheet import Cell

DOUBT = ["1,234", "5"]
IN_DOUBT = "'1,234' may mean 1234 or 1.234, so the column is kept as text"


@pytest.mark.parametrize(
    ("others", "delimiter", "cells", "note"),
    [
        ([], ",", (1234, 5), "'1,234' is read as the number 1234"),
        ([], ";", ("1,234", "5"), IN_DOUBT),
        ([["1,5", "2,5"]], ";", (1.234, 5.0), "'1,234' is read as the number 1.234"),
        ([["1,5", "2,5"]], ",", (1.234, 5.0), "'1,234' is read as the number 1.234"),
        ([["1.5", "2.5"]], ";", (1234, 5), "'1,234' is read as the number 1234"),
        ([["1,234,567", "1"]], "\t", (1234, 5), "'1,234' is read as the number 1234"),
        ([["1.234.567", "1"]], "|", (1.234, 5.0), "'1,234' is read as the number 1.234"),
        ([["1.5", "2"], ["1,5", "2"]], ",", ("1,234", "5"), IN_DOUBT),
        ([["a", "b"], ["7", "8"]], ";", ("1,234", "5"), IN_DOUBT),
    ],
)
def test_a_comma_before_three_digits_is_what_the_rest_of_the_file_shows(
    others: list[list[str]], delimiter: str, cells: tuple[Cell, ...], note: str
) -> None:
    found = typed_columns([DOUBT, *others], delimiter=delimiter)[0]
    assert (found.cells, found.note) == (cells, note)
    assert [type(cell) for cell in found.cells] == [type(cell) for cell in cells]


@pytest.mark.parametrize(
    ("others", "delimiter", "cells"),
    [
        ([], ";", (1.234, 2.5)),
        ([["1,5", "2"]], ";", (1.234, 2.5)),
    ],
)
def test_a_column_that_shows_a_point_keeps_it(
    others: list[list[str]], delimiter: str, cells: tuple[Cell, ...]
) -> None:
    assert typed_columns([["1.234", "2.5"], *others], delimiter=delimiter)[0].cells == cells


@pytest.mark.parametrize(
    ("others", "cells"),
    [
        ([], (1.234, 5.678)),
        ([["1,5", "2"]], (1234, 5678)),
        ([["1,5", "2"], ["2.5", "3"]], (1.234, 5.678)),
        ([["1,234", "5"]], (1.234, 5.678)),
    ],
)
def test_a_point_before_three_digits_is_plain_but_in_a_file_with_decimal_commas(
    others: list[list[str]], cells: tuple[Cell, ...]
) -> None:
    assert typed_columns([["1.234", "5.678"], *others], delimiter=";")[0].cells == cells


@pytest.mark.parametrize(
    ("texts", "typing", "cells", "unit", "note"),
    [
        (["12%", "", "3 %"], "integer", (12, None, 3), "%", "'12%' is read as the number 12, in %"),
        (["$1,234.50", "$2"], "number", (1234.5, 2.0), "$",
         "'$1,234.50' is read as the number 1234.5, in $"),
        (["1.234,5 €", "-"], "number", (1234.5, None), "€",
         "'1.234,5 €' is read as the number 1234.5, in €"),
        (["12%", "3"], "text", ("12%", "3"), None, None),
        (["12%", "n.a."], "text", ("12%", "n.a."), None, None),
        (["1 234", "7"], "integer", (1234, 7), None, "'1 234' is read as the number 1234"),
        (["1'234", "7"], "integer", (1234, 7), None, "'1'234' is read as the number 1234"),
        (["12", "x"], "text", ("12", "x"), None, None),
        (["12", "-", "x"], "text", ("12", "-", "x"), None, None),
        (["01.05.2012", "?"], "datetime", ("2012-05-01", None), None,
         "'01.05.2012' is read as day.month.year: 2012-05-01"),
        (["5/1/2012", "6/1/2012"], "text", ("5/1/2012", "6/1/2012"), None,
         "'5/1/2012' may be month/day/year or day/month/year, so the column is kept as text"),
        (["5/5/2012", "6/6/2012"], "datetime", ("2012-05-05", "2012-06-06"), None,
         "'5/5/2012' is read as month/day/year: 2012-05-05"),
        (["$01.05.2012"], "text", ("$01.05.2012",), None, None),
        (["", "NA"], "text", (None, None), None, None),
        (["7", "8"], "integer", (7, 8), None, None),
    ],
)  # fmt: skip
def test_a_column_is_converted_only_if_every_cell_agrees(
    texts: list[str], typing: str, cells: tuple[Cell, ...], unit: str | None, note: str | None
) -> None:
    (found,) = typed_columns([texts], delimiter=",")
    wanted_note = note.replace("'1'234'", '"1\'234"') if note else None
    assert (found.typing, found.cells, found.unit, found.note) == (typing, cells, unit, wanted_note)
