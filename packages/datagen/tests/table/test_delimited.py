"""From delimited text to a grid."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.delimited import checked_header, delimiter_of, grid

TRAILING = "every line ends with a delimiter, which makes no column"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a b\n1\n", ","),
        ('"a;b",c\n1,2\n', ","),
        ("\n\n", ","),
    ],
)
def test_the_delimiter_is_the_one_that_fits_most_lines(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


@pytest.mark.parametrize(
    ("text", "header", "columns", "notes"),
    [
        ("a,b\n\n1, 2 \n", ["a", "b"], [["1"], ["2"]], ()),
        ("a,b,\n1,2,\n3,4,\n", ["a", "b"], [["1", "3"], ["2", "4"]], (TRAILING,)),
        (
            "a,b\n1,2,\n3,4,\n",
            ["a", "b"],
            [["1", "3"], ["2", "4"]],
            ("2 of 2 rows end with empty cells beyond the header",),
        ),
        (
            "a,b\n1,2\n3,4,,,\n",
            ["a", "b"],
            [["1", "3"], ["2", "4"]],
            ("1 of 2 rows end with empty cells beyond the header",),
        ),
        ("a,\n1,x\n", ["a", "column_2"], [["1"], ["x"]], ()),
        ("a,b\n,\n1,2\n", ["a", "b"], [["", "1"], ["", "2"]], ()),
        ("a\n1\n", ["a"], [["1"]], ()),
        ('a,b\n"x\ny","""q"", z"\n', ["a", "b"], [["x\ny"], ['"q", z']], ()),
        ("a b  c,d\n1,2\n", ["a b c", "d"], [["1"], ["2"]], ()),
    ],
)
def test_lines_become_columns(
    text: str, header: list[str], columns: list[list[str]], notes: tuple[str, ...]
) -> None:
    found = grid(text, ",", where="t.csv")
    assert (found.header, found.columns, found.notes) == (header, columns, notes)


def test_a_trailing_delimiter_is_a_column_where_some_row_has_a_value_in_it() -> None:
    found = grid("a,b,\n1,2,\n3,4,x\n", ",", where="t.csv")
    assert found.header == ["a", "b", "column_3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a,b\n1,2,3\n",
            (
                "t.csv line 2 is not a table (ragged_row): wanted 2 cells as in the header, got 3; "
                "quote cells that hold the delimiter, or mend the row"
            ),
        ),
        (
            f"a,b\n1,{'x' * 131_073}\n",
            (
                "t.csv line 2 is not a table (long_cell): "
                "wanted cells of at most 131,072 characters, "
                "got a longer one; leave that column out, or mend a quote that is never closed"
            ),
        ),
        (
            "\n",
            (
                "t.csv is not a table (no_rows): "
                "wanted a header line and data, got only blank lines; add rows"
            ),
        ),
    ],
)
def test_refusals_name_the_line(text: str, message: str) -> None:
    with pytest.raises(NotATable) as caught:
        grid(text, ",", where="t.csv")
    assert str(caught.value) == message


def test_a_cell_of_the_longest_length_is_read() -> None:
    found = grid(f"a,b\n1,{'x' * 131_072}\n", ",", where="t.csv")
    assert len(found.columns[1][0]) == 131_072


def test_what_we_wrote_may_have_numbers_as_names_and_running_text_in_cells() -> None:
    text = "1\na text of many more words than a name or a typical cell has\n"
    assert grid(text, ",", where="t.csv", is_normal=True).header == ["1"]
    with pytest.raises(NotATable, match=r"\(no_header\)"):
        grid(text, ",", where="t.csv")


def test_a_header_of_too_many_columns_is_refused() -> None:
    with pytest.raises(NotATable, match=r"\(too_wide\): wanted at most 1000 columns, got 1001"):
        checked_header([f"c{n}" for n in range(1001)], where="t.csv")
