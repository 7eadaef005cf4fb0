"""Names and literals in Python."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.words import python, snake, stem


@pytest.mark.parametrize(
    ("value", "source"), [("ox", '"ox"'), ('say "a"', "'say \"a\"'"), (2.5, "2.5"), (3, "3")]
)
def test_python_literals(value: str | float, source: str) -> None:
    assert python(value) == source


def test_identifiers() -> None:
    assert snake("rows", "IE-1", "above", 2.5) == "rows_ie_1_above_2_5"
    assert [stem("hp_values"), stem("hp_values_2"), stem("hp")] == ["hp", "hp", "hp"]
