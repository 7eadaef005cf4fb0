"""JSON Lines files of records, and files that appear whole or not at all.

``write_records`` replaces a file atomically. ``RecordAppender`` adds whole records to a file that
grows over hours: after a kill the torn last line, if any, is cut off and the rest stands.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

from tracemill_schema.errors import Fault, RecordError, TracemillError
from tracemill_schema.record import Identified, Record

R = TypeVar("R", bound=Record)
MAX_LINE_BYTES = 64 * 1024 * 1024
"""A record is at most 1,000 steps of 20,000 characters (trace.v1), 80 MB at worst in 4-byte text
but under 1 MB in practice; a longer line is a broken file, refused before it fills the memory."""


class CannotWrite(TracemillError):
    """A file could not be written (disk full, no rights); what stood there before still does."""


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file through a temporary name in the same folder, fsync and rename.

    Raises:
        CannotWrite: if the bytes could not be written; the old file, if any, is untouched.
    """
    write_chunks(path, (data,))


def write_chunks(path: Path, chunks: Iterable[bytes]) -> None:
    """Like ``write_bytes`` for data that comes in pieces."""
    with replacing(path) as stream:
        for chunk in chunks:
            stream.write(chunk)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream under a temporary name that takes the file's place once all is on the disk.

    Raises:
        CannotWrite: if the disk refused it; the old file, if any, is untouched.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)  # noqa: PTH101 - the name is a str from mkstemp
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise CannotWrite(
            f"{path}: could not be written ({error.strerror or error}); "
            "free some space or choose another folder, then run the same command again"
        ) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def write_record(path: Path, record: Record) -> None:
    """Write one record as a JSON file of its own (canonical bytes and a newline), atomically."""
    write_bytes(path, record.to_bytes() + b"\n")


def record_digest(record: Record) -> str:
    """Return the SHA-256 of the file that ``write_record`` makes of a record."""
    return hashlib.sha256(record.to_bytes() + b"\n").hexdigest()


def read_record(path: Path, kind: type[R]) -> R:
    """Read a JSON file that holds one record, and check its id if it has one.

    Raises:
        RecordError: if it is missing, not JSON, or not of that contract.
    """
    return _checked(kind.from_bytes(_read(path, kind), where=str(path)), where=str(path))


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write records, one a line, atomically; return how many."""
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for record in records:
            count += 1
            yield record.to_bytes() + b"\n"

    write_chunks(path, lines())
    return count


def read_records(path: Path, kind: type[R]) -> Iterator[R]:
    """Yield the records of a JSONL file in order, each validated and its id checked.

    Raises:
        RecordError: at the first line that is torn, too long, not JSON or not of that contract;
            its message names file and line.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise _unreadable(path, kind, error) from error
    with stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            where = f"{path} line {number}"
            if not line.endswith(b"\n"):
                wanted = f"a whole line of at most {MAX_LINE_BYTES} bytes"
                fault = Fault(pointer="", wanted=wanted, got=f"{len(line)} bytes without an end")
                raise RecordError(contract=kind.contract, where=where, faults=(fault,))
            yield _checked(kind.from_bytes(line, where=where), where=where)


class RecordAppender:
    """Adds whole records to a JSONL file; opening it cuts off a torn last line.

    Use as a context manager. ``count`` is the number of whole records in the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.count = 0

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self.count = _cut_torn_line(self._path)
        # Unbuffered: a record that the disk refuses must not wait in a buffer for the close.
        self._stream = self._path.open("ab", buffering=0)
        return self

    def append(self, record: Record) -> None:
        """Add one record; it is on its way to the disk when this returns.

        Raises:
            CannotWrite: if the disk refused it; the file is still whole when opened next.
        """
        rest = memoryview(record.to_bytes() + b"\n")
        try:
            while rest:
                rest = rest[self._stream.write(rest) :]
        except OSError as error:
            raise CannotWrite(
                f"{self._path}: could not be extended ({error.strerror or error}); "
                "free some space, then run the same command again: it resumes here"
            ) from error
        self.count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()


def _cut_torn_line(path: Path) -> int:
    """Truncate a file after its last newline; return how many lines it then has."""
    whole, count = 0, 0
    with path.open("a+b") as stream:
        stream.seek(0)
        for line in stream:
            if line.endswith(b"\n"):
                whole += len(line)
                count += 1
        stream.truncate(whole)
    return count


def _checked(record: R, *, where: str) -> R:
    if isinstance(record, Identified):
        record.verify_id(where=where)
    return record


def _read(path: Path, kind: type[Record]) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, kind, error) from error


def _unreadable(path: Path, kind: type[Record], error: OSError) -> RecordError:
    fault = Fault(pointer="", wanted="a readable file", got=error.strerror or str(error))
    return RecordError(contract=kind.contract, where=str(path), faults=(fault,))
