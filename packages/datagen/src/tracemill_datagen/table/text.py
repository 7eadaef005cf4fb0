"""From a file's bytes to its text, refusing what is not delimited text."""

from __future__ import annotations

import codecs
import re

import orjson

from tracemill_datagen.errors import NotATable

MAGIC = (
    (b"PK\x03\x04", "a ZIP archive (a spreadsheet?)"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "an SQLite database"),
)
"""First bytes of files that people hand over instead of CSV, and what to call them."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
"""Byte-order mark -> codec and name; UTF-32 first, as its mark begins with that of UTF-16."""

UNMARKED = (("utf-8", "UTF-8"), ("cp1252", "Windows-1252"))
"""Codecs that are tried in turn where there is no mark. Bytes that Windows-1252 does not define are
refused: Latin-1 would make control characters of them."""

SURE = frozenset({"UTF-8", "UTF-16", "UTF-32"})
"""Encodings that refuse what is not theirs. Any other is a guess, and said to be one."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"<(?:!doctype|html|\?xml|table|svg|head|body)\b", re.IGNORECASE)


def decoded(data: bytes, *, where: str) -> tuple[str, str]:
    """Decode a CSV file's bytes; byte-order marks go, and every line end becomes ``\\n``.

    Args:
        data: UTF-8 with or without byte-order mark, UTF-16 or UTF-32 with one, or Windows-1252.
        where: The file, for messages.

    Returns:
        The text, and the name of its encoding.

    Raises:
        NotATable: ``empty``, ``binary``, ``not_text``, ``markup`` or ``json``.
    """
    if not data.strip():
        raise _refusal(where, "empty", "an empty file")
    for magic, what in MAGIC:
        if data.startswith(magic):
            raise _refusal(where, "binary", what)
    text, encoding = _text(data, where)
    found = _CONTROL.search(text)
    if found is not None:
        raise _refusal(where, "not_text", f"control character {found[0]!r}")
    text = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise _refusal(where, "empty", "an empty file")
    _refuse_documents(text.lstrip(), where)
    return text, encoding


def _text(data: bytes, where: str) -> tuple[str, str]:
    for mark, codec, encoding in MARKS:
        if data.startswith(mark):
            return _marked(data, codec, encoding, where), encoding
    if b"\0" in data:
        raise _refusal(where, "binary", f"a NUL byte at position {data.index(0)}")
    for codec, encoding in UNMARKED:
        try:
            return data.decode(codec), encoding
        except UnicodeDecodeError:
            continue
    raise _refusal(where, "not_text", "bytes of no known encoding")


def _marked(data: bytes, codec: str, encoding: str, where: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        got = f"the byte-order mark of {encoding}, but other bytes at position {error.start}"
        raise _refusal(where, "not_text", got) from error


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
        wanted="delimited text in UTF-8, UTF-16 or Windows-1252",
        got=got,
        remedy="export the data as CSV and give that file",
    )
