"""What can go wrong with a dataset, drawn once.

DatagenError
|-- FaultyLines     exit code 1: lines of input or of a dataset are wrong; all are listed
|-- VersionExists   exit code 1: the key stands for other content already
`-- NothingToWrite  exit code 2: no trace is left for a dataset or an export
"""

from __future__ import annotations

from dataclasses import dataclass

from tracemill_datagen.errors import BadRequest, DatagenError
from tracemill_schema.canonical import short
from tracemill_schema.errors import FaultsFound
from tracemill_schema.readiness import FaultClass

SHOWN = 20
"""Faults in a message; more would push the first ones off the screen. ``faults`` holds all."""


@dataclass(frozen=True, kw_only=True)
class LineFault:
    """One fault of one file.

    Attributes:
        file: The file's name as it is shown to people.
        line: Line number from 1, or 0 for the file as a whole.
        pointer: JSON pointer into the line; empty for the whole line.
        reason: What was wanted and what was got.
        kind: What is at stake if it is trained on.
        offender: Id of the record, or digest of the file, that is at fault; empty if a line is too
            broken to have one.
    """

    file: str
    line: int
    pointer: str = ""
    reason: str
    kind: FaultClass = "record"
    offender: str = ""

    def __str__(self) -> str:
        place = f"{self.file} line {self.line}" if self.line else self.file
        return f"{place}{' ' + self.pointer if self.pointer else ''}: {self.reason}"


class FaultyLines(DatagenError, FaultsFound):
    """Lines are wrong; ``faults`` holds all of them."""

    def __init__(self, *, where: str, faults: tuple[LineFault, ...], remedy: str) -> None:
        self.faults = faults
        lines = [f"  {fault}" for fault in faults[:SHOWN]]
        if len(faults) > SHOWN:
            lines.append(f"  and {len(faults) - SHOWN} more")
        count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        super().__init__("\n".join([f"{where}: {count}; {remedy}", *lines]))


class VersionExists(DatagenError, FaultsFound):
    """A version is never changed: its key stands for other content already."""

    def __init__(self, *, key: str, folder: str, existing: str, built: str) -> None:
        super().__init__(
            f"{folder}: dataset {key} exists with id {short(existing)}, the inputs now give "
            f"{short(built)}; versions are never changed: build under the next version, "
            'or pass --replace ("replace": true) to give this one up'
        )


class NothingToWrite(BadRequest):
    """No trace is left; an empty file would look like a success."""
