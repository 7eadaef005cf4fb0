"""Numbers as people write them."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.notation import is_number, readings, without_sign


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["1,234", "12"], {(1234.0, 12.0), (1.234, 12.0)}),
        (["1,234,567"], {(1234567.0,)}),
        (["1,5", "2,25"], {(1.5, 2.25)}),
        (["1.234,5"], {(1234.5,)}),
        (["1,234.5"], {(1234.5,)}),
        (["1.234"], {(1.234,), (1234.0,)}),
        (["1 234", "5"], {(1234.0, 5.0)}),
        (["1\N{NARROW NO-BREAK SPACE}234,5"], {(1234.5,)}),
        (["1'234.5", "1\N{RIGHT SINGLE QUOTATION MARK}234"], {(1234.5, 1234.0)}),
        (["-1.234.567,89"], {(-1234567.89,)}),
        (["1,2345.6"], set()),
        (["12,34"], {(12.34,)}),
        (["1 234.567,8"], set()),
        (["1 234\N{NO-BREAK SPACE}567"], set()),
        (["020 794"], set()),
        (["1,234", "1.5"], {(1234.0, 1.5)}),
        (["1,5", "1.5"], set()),
        (["1,234 567"], set()),
        (["a"], set()),
    ],
)
def test_a_column_says_in_each_notation_what_all_its_cells_say(
    texts: list[str], said: set[tuple[float, ...]]
) -> None:
    assert {tuple(reading.values.values()) for reading in readings(texts)} == said


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["12%", "3.5 %"], ("%", {"12%": "12", "3.5 %": "3.5"})),
        (["$5", "-$5", "$-5"], ("$", {"$5": "5", "-$5": "-5", "$-5": "-5"})),
        (["1.234,50 €", "€ 2"], ("€", {"1.234,50 €": "1.234,50", "€ 2": "2"})),
        (["USD 12", "$3"], ("$", {"USD 12": "12", "$3": "3"})),
        (["CHF 1'200"], ("CHF", {"CHF 1'200": "1'200"})),
        (["$5", "5"], None),
        (["$5", "€5"], None),
        (["%5"], None),
        (["$"], None),
        (["$x"], None),
        (["($5)"], None),
    ],
)
def test_a_sign_is_taken_off_only_if_every_cell_has_it(
    texts: list[str], found: tuple[str, dict[str, str]] | None
) -> None:
    assert without_sign(texts) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200", True), ("1.", True), ("1.5e3", True), ("12 %", True), ("€ 1.200,5", True),
        ("1 000", True), ("a1", False), ("", False), ("007", False), ("1-2", False), ("$", False),
    ],
)  # fmt: skip
def test_is_number(text: str, *, number: bool) -> None:
    assert is_number(text) is number
