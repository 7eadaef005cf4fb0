from __future__ import annotations

import ast

import pytest

from tracemill_datagen.episode.arithmetic import Calculation, agrees, calculated, calculation
from tracemill_schema.canonical import Value

KNOWN: dict[str, Value] = {
    "a": 41.5,
    "b": 8,
    "zero": 0,
    "text": "blue",
    "flag": True,
    "items": [1, 2],
}


def formula(code: str) -> Calculation | None:
    return calculation(ast.parse(code, mode="eval").body)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("a + b", 49.5),
        ("a - b", 33.5),
        ("a * -2", -83.0),
        ("a / b", 5.1875),
        ("100 * b / 32", 25.0),
        ("round(float(a), 0)", 42.0),
        ("round(a)", 42),
        ("round(a / b, 2)", 5.19),
        ("b", 8),
        ("int(b)", 8),
        ("str(text)", "blue"),
        ("items", [1, 2]),
        ("a / zero", None),
        ("a + text", None),
        ("a + flag", None),
        ("a + unknown", None),
    ],
)
def test_a_calculation_is_done_again(code: str, value: Value) -> None:
    found = formula(code)
    assert found is not None
    assert calculated(found, KNOWN) == value


@pytest.mark.parametrize(
    "code", ["len(a)", "a.mean()", "a ** 2", "a % 2", "'x'", "True", "a + f(b)", "round(a, n=1)"]
)
def test_other_expressions_are_no_calculation(code: str) -> None:
    assert formula(code) is None


@pytest.mark.parametrize(
    ("code", "result", "agreed"),
    [
        ("a / b", 5.1875, True),
        ("a / b", 5.1876, False),
        ("a - b", 33.50000000000001, True),
        ("a - b", "33.5", False),
        ("b - b", 0, True),
        ("b - b", False, False),
        ("round(a, 0)", 42.0, True),
        ("round(a, 0)", 41.0, True),  # 41.5 stands in the middle: either way is right
        ("round(a, 0)", 41.5, False),
        ("round(a, 0)", 43.0, False),
        ("round(a, 0)", "42", False),
        ("int(b)", 8, True),
        ("int(b)", 9, False),
        ("int(a)", 41, True),
        ("str(text)", "blue", True),
        ("str(text)", "red", False),
        ("str(b)", "8", True),
        ("items", [1, 2], True),
        ("items", [2, 1], False),
        ("a / zero", 1.0, None),
        ("a + unknown", 1.0, None),
    ],
)
def test_a_result_agrees_up_to_the_last_bits_or_it_cannot_be_told(
    *, code: str, result: Value, agreed: bool | None
) -> None:
    found = formula(code)
    assert found is not None
    assert agrees(found, KNOWN, result) is agreed


def test_cancellation_of_large_numbers_is_no_difference() -> None:
    found = formula("x - y")
    assert found is not None
    assert agrees(found, {"x": 1e6 + 0.1, "y": 1e6}, (1e6 + 0.1) - 1e6)
