"""Which quantities may be added up, and of which ratios mean something."""

from __future__ import annotations

import pytest

from tracemill_datagen.table.amount import adds_up, has_true_zero, is_timed, is_weight


@pytest.mark.parametrize(
    ("name", "least", "timed", "expected"),
    [
        ("sold", 0, True, True),
        ("Cost Total $", 0, True, True),
        ("precipitation", 0.0, True, True),
        ("population", 5, False, True),
        ("population", 5, True, False),
        ("profit", -3, False, False),
        ("cost per unit", 1, False, False),
        ("Marriages_per_1000", 6.8, False, False),
        ("price", 1, False, False),
        ("temp_max", 1, False, False),
        ("age", 1, False, False),
        ("rating", 1, False, False),
        ("bill_length_mm", 30, False, False),
        ("latitude", 1, False, False),
    ],
)
def test_amounts_are_told_by_their_names(
    *, name: str, least: float, timed: bool, expected: bool
) -> None:
    assert adds_up(name, least, timed=timed) is expected


@pytest.mark.parametrize(
    ("name", "least", "unit", "expected"),
    [
        ("mpg", 9, "mpg", True),
        ("price", 0, None, True),
        ("temp_min", 2, None, False),
        ("TMAX", 8, None, False),
        ("body_heat_celsius", 30, "°C", False),
        ("arr_delay", -30, None, False),
        ("log_income", 2, None, False),
    ],
)
def test_a_scale_without_a_true_zero_has_no_ratios(
    *, name: str, least: float, unit: str | None, expected: bool
) -> None:
    assert has_true_zero(name, least, unit) is expected


def test_weights_say_of_how_many_a_row_speaks() -> None:
    names = ("population", "units sold", "precipitation", "price", "population density")
    assert [name for name in names if is_weight(name)] == ["population", "units sold"]


def test_a_table_with_calendar_parts_is_timed() -> None:
    assert is_timed(("country", "year"))
    assert not is_timed(("country", "income"))
