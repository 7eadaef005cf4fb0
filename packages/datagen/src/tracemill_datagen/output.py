"""A file that grows line by line, counts and hashes what it holds, and appears whole or not."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tracemill_schema.jsonl import CannotWrite


class OutputFile:
    """Use as a context manager: leaving it normally renames the file into place.

    Attributes:
        path: Where the file will stand.
        rows: Lines written so far.
        bytes: Bytes written so far.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.bytes = 0
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Digest of what was written so far, 64 hex digits."""
        return self._digest.hexdigest()

    def write(self, line: bytes) -> None:
        """Add one line, given without its newline.

        Raises:
            CannotWrite: if the disk refused it.
        """
        try:
            self._stream.write(line + b"\n")
        except OSError as error:
            raise self._refused(error) from error
        self._digest.update(line + b"\n")
        self.rows += 1
        self.bytes += len(line) + 1

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        except OSError as error:
            raise self._refused(error) from error
        self._temporary = Path(name)
        self._stream = os.fdopen(handle, "wb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._stream.flush()
                os.fsync(self._stream.fileno())
                self._temporary.chmod(0o644)
                self._temporary.replace(self.path)
        except OSError as fault:
            raise self._refused(fault) from fault
        finally:
            self._stream.close()
            self._temporary.unlink(missing_ok=True)

    def _refused(self, error: OSError) -> CannotWrite:
        return CannotWrite(
            f"{self.path}: could not be written ({error.strerror or error}); "
            "free some space or choose another folder, then run the same command again"
        )
