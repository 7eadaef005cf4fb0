"""Which tables belong together, and what stands in two tables made one."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.join import Tables, joined, joins
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

LETTERS = "ABCDEFGH"


def sheet(text: str, name: str) -> Sheet:
    return parse_sheet(text.encode(), name=name, where=f"{name}.csv")


def flights(keys: list[str], header: str = "carrier") -> Sheet:
    rows = "".join(f"{key},{number}\n" for number, key in enumerate(keys, 100))
    return sheet(f"{header},delay\n{rows}", "flights")


def carriers(header: str = "carrier", letters: str = LETTERS) -> Sheet:
    rows = "".join(f"{letter}x,name of {letter}\n" for letter in letters)
    return sheet(f"{header},title\n{rows}", "carriers")


def codes(letters: str, times: int = 3) -> list[str]:
    return [f"{letter}x" for letter in letters for _ in range(times)]


def test_each_row_of_the_left_table_finds_one_of_the_right() -> None:
    left, right = flights([*codes("HCABD"), "Zx"]), carriers()
    (join,) = joins([left, right])
    assert (join.left.name, join.right.name) == ("flights", "carriers")
    assert (join.left_key, join.right_key) == ("carrier", "carrier")
    whole = joined(join)
    assert [column.name for column in whole.columns] == ["carrier", "delay", "title"]
    assert whole.rows == 15  # the row of Zx has no partner
    assert whole.column("title").values[:4] == (*["name of H"] * 3, "name of C")
    assert whole.column("delay").values[-1] == 114
    assert whole.digest not in {left.digest, right.digest}


def test_texts_tie_columns_of_other_names_and_the_same_name_wins() -> None:
    left, right = flights(codes("ABCDE"), "airline"), carriers("code")
    (join,) = joins([left, right])
    assert (join.left_key, join.right_key) == ("airline", "code")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(codes("ABCD"), carriers(), id="four shared values only"),
        pytest.param(codes("ABCDE", 1), carriers(), id="five rows only"),
        pytest.param([*codes("ABCDE"), *codes("STUVWY")], carriers(), id="most have no partner"),
        pytest.param(codes("ABCDE"), carriers(letters="ABCDEFGHA"), id="a key that repeats"),
    ],
)
def test_what_does_not_belong_together_is_left_apart(left: list[str], right: Sheet) -> None:
    assert joins([flights(left), right]) == ()


def test_numbers_tie_tables_under_one_name_only() -> None:
    counted = "".join(f"{number % 6},{number}\n" for number in range(30))
    left = sheet(f"place,score\n{counted}", "games")
    rows = "".join(f"{number},{number * number}\n" for number in range(6))
    assert joins([left, sheet(f"rank,prize\n{rows}", "prizes")]) == ()
    (join,) = joins([left, sheet(f"Place,prize\n{rows}", "prizes")])
    assert (join.left_key, join.right_key) == ("place", "Place")


def test_a_column_that_both_have_is_the_left_ones() -> None:
    right = sheet(
        "carrier,delay,seats\n" + "".join(f"{key}x,{ord(key)},{ord(key)}0\n" for key in LETTERS),
        "carriers",
    )
    (join,) = joins([flights(codes("ABCDE")), right])
    whole = joined(join)
    assert [column.name for column in whole.columns] == ["carrier", "delay", "seats"]
    assert whole.column("delay").values[0] == 100


def test_tables_are_found_by_their_digest_and_joins_of_them_too() -> None:
    left, right = flights(codes("ABCDE")), carriers()
    (join,) = joins([left, right])
    tables = Tables([left, right])
    assert (tables[left.digest], tables.get("other")) == (left, None)
    assert tables[join.digest] == joined(join)
    assert tables[join.digest] is tables[join.digest]
    assert list(tables) == [left.digest, right.digest]
