"""The flow of this package: a file is read, each record is parsed, its id and claims are checked.

Nothing stops at the first fault: ``check_file`` reports every faulty line, so that a person mends
a file in one go.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tracemill_schema.claim import replay
from tracemill_schema.errors import Fault, RecordError, UsageFault
from tracemill_schema.record import Identified, Record
from tracemill_schema.trace import Trace


@dataclass(frozen=True, kw_only=True)
class LineReport:
    """What is wrong with one line of a file (line 1 for a file that is one document)."""

    line: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """What was found in a file."""

    contract: str
    checked: int
    faulty: tuple[LineReport, ...]


def check_file(path: Path, kind: type[Record]) -> CheckReport:
    """Check every record of a ``.jsonl`` file, or the one record of any other file.

    Raises:
        UsageFault: if the file cannot be read or holds nothing.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageFault(
            f"{path}: wanted a readable file, got: {error.strerror}; check the path"
        ) from error
    documents = data.splitlines() if path.suffix == ".jsonl" else [data]
    if not any(document.strip() for document in documents):
        raise UsageFault(f"{path}: wanted at least one record, got an empty file")
    reports = (
        LineReport(line=number, faults=faults_of(document, kind, where=f"{path} line {number}"))
        for number, document in enumerate(documents, start=1)
    )
    return CheckReport(
        contract=kind.contract,
        checked=len(documents),
        faulty=tuple(report for report in reports if report.faults),
    )


def faults_of(document: bytes, kind: type[Record], *, where: str) -> tuple[Fault, ...]:
    """Return every fault of one document: its form, then its id, then the claims of a trace."""
    try:
        record = kind.from_bytes(document, where=where)
        if isinstance(record, Identified):
            record.verify_id(where=where)
    except RecordError as error:
        return error.faults
    if isinstance(record, Trace) and (wrong := replay(record)) is not None:
        claim = f"/steps/{wrong.step}/claim"
        return (Fault(pointer=claim, wanted="a claim that replays", got=wrong.reason),)
    return ()
