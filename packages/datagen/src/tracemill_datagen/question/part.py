"""The questions of a table that is not done: each is kept as it comes, so that a kill costs one.

``OUT/.made/SOURCE/TABLE.part`` holds a line that says what the questions are made from, then a line
for each question with its item and why the items before it were not kept: what is needed to go on
with the next item as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from pydantic import Field

from tracemill_schema.canonical import ContentHash, canonical_bytes
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import CannotWrite, write_chunks
from tracemill_schema.question import Question
from tracemill_schema.record import Record


class Begun(Record):
    """The first line of the file."""

    contract: ClassVar[str] = "head of unfinished questions"

    inputs: ContentHash = Field(description="digest of what the questions are made from")


class Kept(Record):
    """A question that was kept, and what came before it."""

    contract: ClassVar[str] = "unfinished question"

    item: int = Field(ge=0, description="the item that gave it")
    question: Question
    rejected: dict[str, int] = Field(
        description="items since the last question that were not kept, by reason"
    )


class Part:
    """The file of a table that is not done; use as a context manager.

    Entering writes what stood there under a new inode: a process of a killed command that still
    works extends its own, which has no name any more.

    Attributes:
        inputs: Digest of what its questions are made from.
        before: What an earlier run kept; empty if it made them from something else.
        lines: All questions kept so far, as they are to stand in the table's own file.
        stream: Where records are appended; unbuffered, so that a kill loses none.

    Raises:
        CannotWrite: if the disk refused a record; the whole ones are taken when opened next.
    """

    before: tuple[Kept, ...]
    lines: list[bytes]
    stream: FileIO

    def __init__(self, path: Path, inputs: str) -> None:
        self.inputs = inputs
        self._path = path

    def __enter__(self) -> Self:
        self.before = kept_in(self._path, self.inputs)
        self.lines = [kept.question.to_bytes() + b"\n" for kept in self.before]
        head = Begun(inputs=self.inputs).to_bytes() + b"\n"
        kept = (_line(kept, line) for kept, line in zip(self.before, self.lines, strict=True))
        write_chunks(self._path, (head, *kept))
        self.stream = self._path.open("ab", buffering=0)
        return self

    def append(self, kept: Kept) -> None:
        """Add a question; it is on its way to the disk when this returns."""
        line = kept.question.to_bytes() + b"\n"
        rest = memoryview(_line(kept, line))
        try:
            while rest:
                rest = rest[self.stream.write(rest) :]
        except OSError as error:
            raise CannotWrite(
                f"{self._path}: could not be extended ({error.strerror or error}); "
                "free some space, then run the same command again"
            ) from error
        self.lines.append(line)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stream.close()


def kept_in(path: Path, inputs: str) -> tuple[Kept, ...]:
    """Return the whole records at the head of a file; none if it was made from something else."""
    return tuple(_records(path, inputs))


def _records(path: Path, inputs: str) -> Iterator[Kept]:
    try:
        stream = path.open("rb")
    except OSError:
        return
    with stream:
        try:
            if Begun.from_bytes(stream.readline(), where=str(path)).inputs != inputs:
                return
            last = -1
            while (line := stream.readline()).endswith(b"\n"):
                kept = Kept.from_bytes(line, where=str(path))
                kept.question.verify_id(where=str(path))
                if kept.item <= last:
                    return
                last = kept.item
                yield kept
        except RecordError:
            return


def _line(kept: Kept, question: bytes) -> bytes:
    """Return the record's canonical bytes and a newline, its question not written out again."""
    rejected = canonical_bytes(dict(kept.rejected))
    return b'{"item":%d,"question":%s,"rejected":%s}\n' % (kept.item, question[:-1], rejected)
