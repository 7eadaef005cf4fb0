"""The stamp of a finished stage, which lets the next run skip it.

A stamp is written last, so a stage that was killed has none and is run again. It holds the digest
of what the stage depended on and of every file it left: a changed input, a changed setting, newer
code or a damaged output each make it stale.
"""

from __future__ import annotations

from pathlib import Path

from tracemill.stage import Stage, folder_digest
from tracemill_schema.canonical import ContentHash, Value
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import read_record, write_record
from tracemill_schema.record import Record

FOLDER = ".stages"


class Stamp(Record):
    """What a finished stage depended on, left and returned."""

    stage: str
    key: ContentHash
    outputs: dict[str, ContentHash]
    result: dict[str, Value]
    seconds: float


def read_stamp(workspace: Path, stage: Stage) -> Stamp | None:
    """Return the stage's stamp, or None if it never finished or the stamp is unreadable."""
    path = stamp_path(workspace, stage)
    if not path.exists():
        return None
    try:
        return read_record(path, Stamp)
    except RecordError:
        return None


def why_stale(workspace: Path, stamp: Stamp | None, stage: Stage, key: str) -> str | None:
    """Return why the stage has to run, or None if everything it left still holds."""
    if stamp is None:
        return "not finished before"
    if stamp.key != key:
        return "its inputs, settings or code changed"
    if folder_digest(workspace, stage.leaves) != stamp.outputs:
        return "its files changed since"
    return None


def write_stamp(
    workspace: Path, stage: Stage, *, key: str, result: dict[str, Value], seconds: float
) -> None:
    """Record that the stage is finished."""
    stamp = Stamp(
        stage=stage.name,
        key=key,
        outputs=folder_digest(workspace, stage.leaves),
        result=result,
        seconds=seconds,
    )
    write_record(stamp_path(workspace, stage), stamp)


def stamp_path(workspace: Path, stage: Stage) -> Path:
    """Return where the stage's stamp lies."""
    return workspace / FOLDER / f"{stage.name}.json"
