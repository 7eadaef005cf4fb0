"""Decoding and refusal of what is not delimited text."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.text import decoded


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a,b\n", "a,b\n"),
        ("\ufeffa,é\n".encode(), "a,é\n"),
        ("\ufeff\ufeffa,\ufeffb\n".encode(), "a,b\n"),
        (b'a,b\r\n"x\ry",1\r', 'a,b\n"x\ny",1\n'),
        ("a,é\n".encode("latin-1"), "a,é\n"),
        (
            "a,\N{RIGHT SINGLE QUOTATION MARK}\n".encode("cp1252"),
            "a,\N{RIGHT SINGLE QUOTATION MARK}\n",
        ),
        (b"[a],b\n", "[a],b\n"),
    ],
)
def test_text_is_decoded(data: bytes, text: str) -> None:
    assert decoded(data, where="t.csv") == text


@pytest.mark.parametrize(
    ("data", "reason", "got"),
    [
        (b"", "empty", "an empty file"),
        (b" \n\n", "empty", "an empty file"),
        (b"PK\x03\x04rest", "binary", "a ZIP archive (a spreadsheet?)"),
        (b"PAR1....", "binary", "a Parquet file"),
        ("a,b\n".encode("utf-16"), "binary", "UTF-16 text"),
        (b"a,b\n1,\x00\n", "binary", "a NUL byte at position 6"),
        (b"a,b\n1,\x07\n", "not_text", "control character '\\x07'"),
        (b"  <!DOCTYPE html><html>", "markup", "an HTML or XML document"),
        (b'[{"a": 1}]', "json", "JSON"),
        (b'{"a": 1}\n{"a": 2}\n', "json", "JSON"),
    ],
)
def test_other_files_are_refused_by_name(data: bytes, reason: str, got: str) -> None:
    with pytest.raises(NotATable) as caught:
        decoded(data, where="t.csv")
    assert caught.value.reason == reason
    assert str(caught.value) == (
        f"t.csv is not a table ({reason}): wanted delimited text in UTF-8 or Latin-1, got {got}; "
        "export the data as CSV and give that file"
    )
