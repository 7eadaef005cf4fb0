"""A seal tells a file that was edited from one that a check wrote.

It is a second file, ``FILE.sha256``, with a line as ``sha256sum -c`` reads it. It is no defence
against somebody who edits both; signatures are the bundle's.
"""

from __future__ import annotations

from pathlib import Path

from tracemill_schema.canonical import file_digest
from tracemill_schema.jsonl import write_bytes, write_record
from tracemill_schema.record import Record


def write_sealed(path: Path, record: Record) -> None:
    """Write a record as a file of its own, then its seal; a kill in between leaves it unsealed.

    Raises:
        CannotWrite: if the disk refused it.
    """
    write_record(path, record)
    write_bytes(seal_path(path), _seal(path))


def is_sealed(path: Path) -> bool:
    """Tell whether a file is as it was when it was sealed; one that is not there is not."""
    seal = seal_path(path)
    return path.is_file() and seal.is_file() and seal.read_bytes() == _seal(path)


def unlink_sealed(path: Path) -> None:
    """Remove a file and its seal, as far as they are there."""
    seal_path(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def seal_path(path: Path) -> Path:
    """Return where the seal of a file lies."""
    return path.with_name(f"{path.name}.sha256")


def _seal(path: Path) -> bytes:
    return f"{file_digest(path)}  {path.name}\n".encode()
