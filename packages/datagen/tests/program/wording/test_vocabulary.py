"""Words that a column's name must be told from."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.wording.vocabulary import VOCABULARY, column_words, value_words
from tracemill_schema.canonical import Value


@pytest.mark.parametrize("word", ["pearson", "divided", "ddof", "quantile", "where", "let", "name"])
def test_words_of_patterns_of_the_frame_and_of_templates_are_known(word: str) -> None:
    assert word in VOCABULARY
    assert column_words(word.upper()) == f'"{word.upper()}"'


def test_names_of_tables_are_not_words() -> None:
    assert {"mass", "species", "body_mass_g", "wind"}.isdisjoint(VOCABULARY)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mass", "mass"),
        ("body_mass_g", "body_mass_g"),
        ("count", '"count"'),
        ("Where", '"Where"'),
        ("A", '"A"'),
        ("IE-1", '"IE-1"'),
        ('a "b"', '"a \\"b\\""'),
        ("größe x", '"größe x"'),
    ],
)
def test_columns_are_quoted_only_where_needed(name: str, words: str) -> None:
    assert column_words(name) == words


def test_values() -> None:
    values: tuple[Value, ...] = ("ox", 3, 2.5, 1e16, 'a "b"', "größe", ["a", 1])
    assert [value_words(value) for value in values] == [
        '"ox"', "3", "2.5", "1e+16", '"a \\"b\\""', '"größe"', '["a",1]',
    ]  # fmt: skip
