"""Columns, values and rows in sentences and in Python."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.words import (
    column_words,
    narrowed,
    over,
    python,
    snake,
    stem,
    value_words,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mass", "mass"),
        ("body_mass_g", "body_mass_g"),
        ("count", '"count"'),
        ("IE-1", '"IE-1"'),
        ('a "b"', '"a \\"b\\""'),
        ("größe x", '"größe x"'),
    ],
)
def test_columns_are_quoted_only_where_needed(name: str, words: str) -> None:
    assert column_words(name) == words


def test_values() -> None:
    assert [value_words(value) for value in ("ox", 3, 2.5)] == ['"ox"', "3", "2.5"]


@pytest.mark.parametrize(
    ("value", "source"), [("ox", '"ox"'), ('say "a"', "'say \"a\"'"), (2.5, "2.5"), (3, "3")]
)
def test_python_literals(value: str | float, source: str) -> None:
    assert python(value) == source


def test_identifiers() -> None:
    assert snake("rows", "IE-1", "above", 2.5) == "rows_ie_1_above_2_5"
    assert [stem("hp_values"), stem("hp_values_2"), stem("hp")] == ["hp", "hp", "hp"]


def test_conditions_join_and_never_attach_to_the_wrong_rows() -> None:
    filtered = narrowed("all rows", 'kind is "bug"')
    assert narrowed(filtered, "legs is 6") == 'the rows where kind is "bug" and legs is 6'
    assert narrowed("the 3 rows with the largest mass", "legs is 6") == (
        "those of the 3 rows with the largest mass where legs is 6"
    )
    assert [over("mass", "all rows"), over("mass", filtered)] == [
        "mass",
        'mass over the rows where kind is "bug"',
    ]
