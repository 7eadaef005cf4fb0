from __future__ import annotations

import pytest

from tracemill_worker.query import parse, statements


def test_a_statement_has_a_name_a_sentence_and_a_text() -> None:
    text = (
        "-- head\n-- name: one\n-- Does it.\n-- Why.\nSELECT 1;\n\n-- name: two\n-- It.\nSELECT 2;"
    )
    assert parse(text) == {"one": "SELECT 1;", "two": "SELECT 2;"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-- name: one\nSELECT 1;", "statement 'one': wanted a sentence, then the text"),
        ("-- name: one\n-- Only words.\n", "statement 'one': wanted a sentence, then the text"),
        (
            "-- name: a\n-- It.\nSELECT 1;\n-- name: a\n-- It.\nSELECT 2;",
            "statement 'a' stands there twice",
        ),
    ],
)
def test_a_faulty_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text)


def test_the_shipped_statements_never_use_the_clock_of_the_client_or_of_the_transaction() -> None:
    for name, text in statements("run.sql").items():
        assert "now()" not in text, name
