"""From a file's bytes to its text, refusing what is not delimited text."""

from __future__ import annotations

import re

import orjson

from tracemill_datagen.errors import NotATable

MAGIC = (
    (b"PK\x03\x04", "a ZIP archive (a spreadsheet?)"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"%PDF", "a PDF"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"SQLite format 3", "an SQLite database"),
)
"""First bytes of files that people hand over instead of CSV, and what to call them."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"<(?:!doctype|html|\?xml|table|svg|head|body)\b", re.IGNORECASE)


def decoded(data: bytes, *, where: str) -> str:
    """Decode a CSV file's bytes; byte-order marks go, and every line end becomes ``\\n``.

    Args:
        data: UTF-8 with or without byte-order mark, or Windows-1252 / Latin-1.
        where: The file, for messages.

    Raises:
        NotATable: ``empty``, ``binary``, ``not_text``, ``markup`` or ``json``.
    """
    if not data.strip():
        raise _refusal(where, "empty", "an empty file")
    for magic, what in MAGIC:
        if data.startswith(magic):
            raise _refusal(where, "binary", what)
    if b"\0" in data:
        raise _refusal(where, "binary", f"a NUL byte at position {data.index(0)}")
    text = _text(data)
    found = _CONTROL.search(text) if text is not None else None
    if text is None or found is not None:
        got = "bytes of no known encoding" if found is None else f"control character {found[0]!r}"
        raise _refusal(where, "not_text", got)
    text = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    _refuse_documents(text.lstrip(), where)
    return text


def _text(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _refuse_documents(text: str, where: str) -> None:
    if _MARKUP.match(text):
        raise _refusal(where, "markup", "an HTML or XML document")
    if text.startswith(("{", "[")):
        for candidate in (text, text.partition("\n")[0]):
            try:
                orjson.loads(candidate)
            except orjson.JSONDecodeError:
                continue
            raise _refusal(where, "json", "JSON")


def _refusal(where: str, reason: str, got: str) -> NotATable:
    return NotATable(
        where=where,
        reason=reason,
        wanted="delimited text in UTF-8 or Latin-1",
        got=got,
        remedy="export the data as CSV and give that file",
    )
