"""Unit hints and words of column names."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.unit import is_quantity, orders_rows, unit_of, words


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("DestAirportID", ("dest", "airport", "id")),
        ("bill_length_mm", ("bill", "length", "mm")),
        ("Marriages_per_1000", ("marriages", "per", "1000")),
        ("", ()),
    ],
)
def test_words(name: str, parts: tuple[str, ...]) -> None:
    assert words(name) == parts


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("bill_length_mm", "mm"),
        ("weight (kg)", "kg"),
        ("power_kW", "kW"),
        ("habitat_pct", "%"),
        ("Price USD", "$"),
        ("mpg", "mpg"),
        ("m", None),
        ("", None),
        ("Mg", None),
        ("mg", None),
        ("Games_G", None),
        ("G", None),
        ("HP", None),
        ("hp", None),
        ("BodyMassG", None),
    ],
)
def test_unit_comes_from_the_last_word_where_it_can_mean_nothing_else(
    name: str, unit: str | None
) -> None:
    assert unit_of(name) == unit


@pytest.mark.parametrize(
    ("name", "orders", "quantity"),
    [
        ("budgetYear", True, False),
        ("dep_time", True, False),
        ("cluster", True, False),
        ("age group", True, False),
        ("class_size", False, True),
        ("wind_dir", False, False),
        ("latitude", False, False),
        ("mass", False, True),
        ("", False, True),
    ],
)
def test_calendar_parts_and_labels_order_rows_and_with_directions_are_no_quantities(
    name: str, *, orders: bool, quantity: bool
) -> None:
    assert (orders_rows(name), is_quantity(name)) == (orders, quantity)
