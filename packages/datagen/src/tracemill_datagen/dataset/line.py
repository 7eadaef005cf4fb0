"""Reading JSONL to the end, with every wrong line reported and none skipped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import orjson

from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.sealed import Sealed, unseal
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import MAX_LINE_BYTES
from tracemill_schema.readiness import FaultClass
from tracemill_schema.record import Identified

I = TypeVar("I", bound=Identified)  # noqa: E741 - the letter of Identified


def raw_lines(path: Path, *, name: str) -> Iterator[tuple[int, bytes] | LineFault]:
    """Yield (number from 1, bytes with the newline) of every line that can be read at all.

    Args:
        path: The file.
        name: What faults call it.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        reason = f"wanted a readable file, got {error.strerror or error}"
        yield LineFault(file=name, line=0, reason=reason, kind="manifest")
        return
    with stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if line.endswith(b"\n"):
                yield number, line
                continue
            got = f"{len(line)} bytes without an end"
            reason = f"wanted a whole line of at most {MAX_LINE_BYTES} bytes, got {got}"
            yield LineFault(file=name, line=number, reason=reason)
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)


def read_lines(
    path: Path, kind: type[I], *, name: str
) -> Iterator[tuple[int, Sealed[I]] | LineFault]:
    """Yield every record with its line number, or the faults of a line that holds none."""
    for raw in raw_lines(path, name=name):
        if isinstance(raw, LineFault):
            yield raw
            continue
        number, line = raw
        try:
            yield number, unseal(kind, line, where=f"{name} line {number}")
        except RecordError as error:
            yield from faults_of(error, file=name, line=number, offender=id_of(line))


def id_of(line: bytes) -> str:
    """Return the id that a line says it has, however broken the rest is; empty if it says none."""
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError:
        return ""
    identifier = values.get("id") if isinstance(values, dict) else None
    return identifier if isinstance(identifier, str) else ""


def faults_of(
    error: RecordError, *, file: str, line: int, offender: str = "", kind: FaultClass = "record"
) -> tuple[LineFault, ...]:
    """Return the faults of one document as faults of its line."""
    return tuple(
        LineFault(
            file=file,
            line=line,
            pointer=fault.pointer,
            reason=f"wanted {fault.wanted}, got {fault.got}",
            kind=kind,
            offender=offender,
        )
        for fault in error.faults
    )
