from __future__ import annotations

from decimal import Decimal

import pytest

from tracemill_schema.answer_number import Notation, quantized, same_number, stated


def read(
    text: str,
    *,
    unit: str | None = None,
    rough: bool = True,
    fraction: bool = True,
    comma: bool = True,
) -> tuple[str, ...]:
    notation = Notation(unit=unit, rough=rough, fraction=fraction, comma=comma)
    return tuple(str(number) for number in stated(text, notation))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42", "42"),
        ("-42.50", "-42.50"),
        (".5", "0.5"),
        ("42.", "42"),
        ('"42"', "42"),
        ("1,234,567.8", "1234567.8"),
        ("1 234", "1234"),
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"),
        ("12 345,678", "12345.678"),
        ("0,125", "0.125"),
        ("12,3456", "12.3456"),
        ("1,234", "1234"),
        ("1e-7", "1E-7"),
        ("3.2x10^-7", "3.2E-7"),
        ("3.2*10**(-7)", "3.2E-7"),
        ("3.2 · 10⁻⁷", "3.2E-7"),
        ("\\frac{1}{4}", "0.25"),
        ("-1 / 4", "-0.25"),
        ("1\\,234", "1234"),
        ("p = 0.03", "0.03"),
        ("R² = 0.46", "0.46"),
        ("= 42", "42"),
    ],
)
def test_one_number_is_read_in_many_notations(text: str, number: str) -> None:
    assert read(text) == (number,)


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "-", "e5", "4 2", "12,34,567", "1234,567", "0,1,2", "1.2.3", "1'234", "1_234",
        "0x2A", "forty", "42 or 43", "42?", "~42", "42...", "- 42", "--42", "42+", "3x105", "10^2",
        "10²", "1/0", "1/2/3", "1e99999", "nan", "inf", "42 kg", "$42", "42 %", "pq = 42", "42 =",
        "42 == 42", "p < 0.05", "\\boxed{42", "\\sqrt{4}", "(42)", "[42]",
    ],
)  # fmt: skip
def test_what_is_not_one_number_is_not_read(text: str) -> None:
    assert read(text) == ()


def test_each_number_of_a_chain_is_read() -> None:
    assert read("x = 3/4 = 0.75") == ("0.75", "0.75")
    assert read("0.4567 ≈ 0.46") == ("0.4567", "0.46")
    assert read("3/4 = 0.75", fraction=False) == ("0.75", "0.75")
    assert read("6 * 7 = 42") == ()


def test_fractions_and_the_sign_of_rounding_are_read_only_where_they_are_allowed() -> None:
    assert read("1/2", fraction=False) == ()
    assert read("≈ 42", rough=False) == ()
    assert read("≈ 42") == ("42",)


def test_a_lone_comma_is_a_decimal_mark_only_where_decimals_count() -> None:
    assert read("42,43") == ("42.43",)
    assert read("42,43", comma=False) == ()
    assert read("0,1", comma=False) == ()
    assert read("1.234,5", comma=False) == ("1234.5",)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5 g", "g"),
        ("5g", "g"),
        ("5 grams", "g"),
        ("5 G", "g"),
        ("5", "g"),
        ("5 mg", "mg"),
        ("5 %", "%"),
        ("5 per cent", "%"),
        ("5\\%", "%"),
        ("5 \\text{kg}", "kg"),
        ("$5", "$"),
        ("$ 5", "$"),
        ("US$5", "$"),
        ("EUR 5", "€"),
        ("5 pounds", "£"),
        ("5 pounds", "lb"),
        ("5 widgets", "widgets"),
        ("1 234/ 1", None),
    ],
)
def test_the_unit_that_was_asked_for_may_stand_there(text: str, unit: str | None) -> None:
    assert read(text, unit=unit) == (("5",) if unit else ())


@pytest.mark.parametrize(
    ("text", "unit"),
    [("5 kg", "g"), ("5 Mg", "mg"), ("5 MM", "mm"), ("g", "g"), ("$5", "€"), ("g 5", "g"),
     ("5 g g", "g"), ("5 percentage points", "%"), ("5 pounds", "$")],
)  # fmt: skip
def test_another_unit_is_not_read(text: str, unit: str) -> None:
    assert read(text, unit=unit) == ()


@pytest.mark.parametrize(
    ("gold", "given", "decimals", "tolerance", "same"),
    [
        ("0.13", "0.125", 2, None, True),
        ("0.12", "0.125", 2, None, True),
        ("0.125", "0.12", 2, None, True),
        ("0.14", "0.135", 2, None, True),
        ("0.13", "0.135", 2, None, False),
        ("0.46", "0.4549", 2, None, False),
        ("0", "-0.004", 2, None, True),
        ("100", "101", None, 0.01, True),
        ("100", "101.0000001", None, 0.01, False),
        ("-100", "100", None, 0.01, False),
        ("0.1", "0.10", None, None, True),
        ("0.1", "0.1000001", None, None, False),
    ],
)
def test_numbers_are_the_same_as_the_question_says(
    gold: str, given: str, decimals: int | None, tolerance: float | None, *, same: bool
) -> None:
    found = same_number(Decimal(gold), Decimal(given), decimals=decimals, tolerance=tolerance)
    assert found is same


def test_a_half_is_rounded_away_from_zero() -> None:
    assert quantized(Decimal("-0.125"), 2) == Decimal("-0.13")
    assert quantized(Decimal("1e300"), 12) == Decimal("1e300")
