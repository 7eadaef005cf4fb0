"""Facts of columns and tables."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.fact import candidate_keys, column_facts, order_of, table_facts
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.table import ColumnFacts, GroupSizes, Order


def sheet_of(text: str) -> Sheet:
    return parse_sheet(text.encode(), name="t", where="t.csv")


def facts_of(cells: list[str], name: str = "x") -> ColumnFacts:
    quoted = "\n".join(f'"{cell}"' for cell in cells)
    return column_facts(sheet_of(f"{name}\n{quoted}\n").columns[0])


@pytest.mark.parametrize(
    ("cells", "ties", "groups", "ends", "mean"),
    [
        (["3", "1", "3", "", "2"], 2, (1, 1, 2), (1, 3), 2.25),
        (["2.5", "1.5", "2.5"], 2, None, (1.5, 2.5), 6.5 / 3),
        (["a", "b", "a", "a", "c", "b", "d"], 5, (1, 1, 3), (None, None), None),
        (["true", "false", "true"], 2, (1, 1, 2), (None, None), None),
        (
            ["2012-01-02", "2012-01-01", "2012-01-02"],
            2,
            None,
            ("2012-01-01", "2012-01-02"),
            None,
        ),
        (["", ""], 0, None, (None, None), None),
        (["1e308", "1e308"], 2, None, (1e308, 1e308), None),
    ],
)
def test_ties_groups_ends_and_mean(
    cells: list[str],
    ties: int,
    groups: tuple[int, int, int] | None,
    ends: tuple[int | float | str | None, int | float | str | None],
    mean: float | None,
) -> None:
    facts = facts_of(cells)
    sizes = groups and GroupSizes(smallest=groups[0], median=groups[1], largest=groups[2])
    assert (facts.ties, facts.groups) == (ties, sizes)
    assert ((facts.minimum, facts.maximum), facts.mean) == (ends, mean)


@pytest.mark.parametrize("name", ["year", "latitude", "cluster", "wind_dir"])
def test_what_is_no_quantity_has_no_mean(name: str) -> None:
    facts = facts_of(["1", "2", "4"], name)
    assert (facts.minimum, facts.maximum, facts.mean) == (1, 4, None)


def test_an_identifier_has_its_rule_and_neither_ends_nor_mean() -> None:
    facts = facts_of(["7", "3"], "shop_id")
    assert (facts.identified_by, facts.minimum, facts.mean) == ("its name", None, None)


@pytest.mark.parametrize(
    ("cells", "number_like"),
    [
        (["1", "2", "x"], 2),
        (["12 %", "1,5", "low", "low"], 2),
        (["5/1/2012", "a"], 0),
        (["1", "2"], 0),
        (["007", "1.2.3"], 0),
    ],
)
def test_cells_of_a_text_column_that_are_written_like_numbers_are_counted(
    cells: list[str], number_like: int
) -> None:
    assert facts_of(cells).number_like == number_like


@pytest.mark.parametrize(
    ("values", "order"),
    [
        ([], None),
        ([1], "constant"),
        ([2, 2, 2], "constant"),
        ([1, 2, 4], "strictly increasing"),
        ([1, 2, 2], "increasing"),
        ([4.5, 2.0], "strictly decreasing"),
        ([4, 4, 2], "decreasing"),
        ([1, 3, 2], "unordered"),
        (["B", "a"], "strictly increasing"),
    ],
)
def test_order_of_values(values: list[int | float | str], order: Order | None) -> None:
    assert order_of(values) == order


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("id,name,x\n7,a,1\n5,b,1\n", (("id",), ("name",))),
        ("firm,year,x\na,1,5\na,2,5\nb,1,6\n", (("firm", "year"),)),
        ("firm,year,x\na,1,5\na,1,5\nb,1,6\n", ()),
        ("name,x\na,1\n,2\n", ()),
        ("x,y\n1,2\n3,4\n", ()),
        ("name\na\n", ()),
    ],
)
def test_keys_tell_every_row_apart_and_are_no_quantities(
    text: str, keys: tuple[tuple[str, ...], ...]
) -> None:
    assert candidate_keys(sheet_of(text)) == keys


def test_repeated_rows_and_notes_are_facts_of_the_table() -> None:
    facts = table_facts(sheet_of("a,b\nx,1\nx,1\nx,2\nx,1\n,\n,\n"))
    assert (facts.duplicate_rows, facts.notes) == (3, ())
    assert table_facts(sheet_of("a;b\n1,5;x\n")).notes == (
        "column 'a': '1,5' is read as the number 1.5",
    )
