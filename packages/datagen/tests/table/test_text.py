"""Decoding and refusal of what is not delimited text."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table.text import decoded


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"a,b\n", "a,b\n", "UTF-8"),
        ("\ufeffa,é\n".encode(), "a,é\n", "UTF-8"),
        ("\ufeff\ufeffa,\ufeffb\n".encode(), "a,b\n", "UTF-8"),
        (b'a,b\r\n"x\ry",1\r', 'a,b\n"x\ny",1\n', "UTF-8"),
        ("a,é\n".encode("utf-16"), "a,é\n", "UTF-16"),
        (b"\xfe\xff" + "a,é\n".encode("utf-16-be"), "a,é\n", "UTF-16"),
        ("a,é\n".encode("utf-32"), "a,é\n", "UTF-32"),
        ("a,é\n".encode("latin-1"), "a,é\n", "Windows-1252"),
        (
            "a,\N{RIGHT SINGLE QUOTATION MARK}\n".encode("cp1252"),
            "a,\N{RIGHT SINGLE QUOTATION MARK}\n",
            "Windows-1252",
        ),
        (b"[a],b\n", "[a],b\n", "UTF-8"),
    ],
)
def test_text_is_decoded(data: bytes, text: str, encoding: str) -> None:
    assert decoded(data, where="t.csv") == (text, encoding)


@pytest.mark.parametrize(
    ("data", "reason", "got"),
    [
        (b"", "empty", "an empty file"),
        (b" \n\n", "empty", "an empty file"),
        (b"PK\x03\x04rest", "binary", "a ZIP archive (a spreadsheet?)"),
        (b"PAR1....", "binary", "a Parquet file"),
        (b"\x1f\x8b\x08", "binary", "a gzip file"),
        ("\ufeff \n".encode(), "empty", "an empty file"),
        ("a,b\n".encode("utf-16-le"), "binary", "a NUL byte at position 1"),
        (
            b"\xff\xfea,b\n\n",
            "not_text",
            "the byte-order mark of UTF-16, but other bytes at position 6",
        ),
        (
            b"\xef\xbb\xbfa,\xe9\n",
            "not_text",
            "the byte-order mark of UTF-8, but other bytes at position 5",
        ),
        (b"a,\x81\n", "not_text", "bytes of no known encoding"),
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
        f"t.csv is not a table ({reason}): "
        f"wanted delimited text in UTF-8, UTF-16 or Windows-1252, got {got}; "
        "export the data as CSV and give that file"
    )
