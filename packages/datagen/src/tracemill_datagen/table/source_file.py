"""From a path to a file's bytes, unpacked if they are gzip, refusing what is no file to read.

Refused, by reason: ``missing``, ``folder``, ``not_a_file``, ``unreadable``, ``too_large``,
``broken_gzip``.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import zlib
from pathlib import Path
from typing import NoReturn

from tracemill_datagen.errors import NotATable

GZIP = b"\x1f\x8b"
"""First bytes of a gzip member (RFC 1952)."""

MAX_BYTES = 256 * 2**20
"""Longest table, unpacked. In memory it takes some ten times as much, and a table of questions is
not read from the whole of a data warehouse: give a sample."""


def contents(path: Path) -> bytes:
    """Return the bytes of a regular file; of a gzip file what it holds.

    Nothing else is opened: a pipe or a device could keep the reader waiting for ever.

    Raises:
        NotATable: with one of the reasons above.
    """
    try:
        status = path.stat()
        _check_type(status.st_mode, path)
        _check_size(status.st_size, path)
        data = path.read_bytes()
    except FileNotFoundError as error:
        _refuse(path, "missing", error.strerror or str(error), "check the path")
    except OSError as error:
        got = error.strerror or str(error)
        _refuse(path, "unreadable", got, "check the path and who may read the file")
    return _unpacked(data, path) if data.startswith(GZIP) else data


def stem(path: Path) -> str:
    """Return a file's name without its ending; ``sales.csv.gz`` and ``sales.csv`` are ``sales``."""
    return Path(re.sub(r"\.gz$", "", path.name, flags=re.IGNORECASE)).stem


def _check_type(mode: int, path: Path) -> None:
    if stat.S_ISDIR(mode):
        _refuse(path, "folder", "a folder", "name the files in it")
    if not stat.S_ISREG(mode):
        remedy = "write its data to a file and name that"
        _refuse(path, "not_a_file", "a pipe, socket or device", remedy)


def _check_size(size: int, path: Path) -> None:
    if size > MAX_BYTES:
        got = f"more than {MAX_BYTES // 2**20} MiB"
        _refuse(path, "too_large", got, "take a sample of its rows")


def _unpacked(data: bytes, path: Path) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            found = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        _refuse(path, "broken_gzip", str(error), "pack the file again")
    _check_size(len(found), path)
    return found


def _refuse(path: Path, reason: str, got: str, remedy: str) -> NoReturn:
    raise NotATable(
        where=str(path),
        reason=reason,
        wanted="a readable CSV or Parquet file",
        got=got,
        remedy=remedy,
    )
