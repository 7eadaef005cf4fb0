"""How a show command finds the record that is meant."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from tracemill_datagen.errors import BadRequest
from tracemill_schema.jsonl import read_records
from tracemill_schema.record import Identified

R = TypeVar("R", bound=Identified)


def pick(file: Path, kind: type[R], prefix: str) -> R:
    """Return the first record of a file whose id starts with ``prefix`` (empty: the first).

    Raises:
        BadRequest: if there is none.
    """
    for record in read_records(file, kind):
        if record.id.startswith(prefix):
            return record
    raise BadRequest(
        f"{file}: wanted a record whose id starts with {prefix!r}, got none; "
        "leave the id away to see the first"
    )
