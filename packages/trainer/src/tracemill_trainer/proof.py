"""Writes the evidence of a stage: what was checked, on which dataset, model and settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from tracemill_schema.errors import RecordError
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement
from tracemill_schema.jsonl import read_record, write_record
from tracemill_trainer.versions import sources, versions

SubjectName = Literal["tree", "dataset", "model", "config", "evaluation"]


def proves(folder: Path, gate: str, digest: str) -> bool:
    """Tell whether ``evidence/GATE.json`` below a workspace is there and about this digest."""
    try:
        evidence = read_record(folder / "evidence" / f"{gate}.json", Evidence)
    except RecordError:
        return False
    return any(subject.digest.sha256 == digest for subject in evidence.subject)


def write_evidence(
    folder: Path,
    *,
    gate: str,
    subjects: Mapping[SubjectName, str],
    checked: int,
    device: str,
    started: str,
    finished: str,
) -> Path:
    """Write ``evidence/GATE.json`` below a workspace; return its path.

    Args:
        folder: The workspace.
        gate: Name of the gate.
        subjects: Name of each subject and its SHA-256.
        checked: Things looked at; a stage that gets this far has found no fault in any.
        device: Where it ran.
        started: When it began, UTC.
        finished: When it ended, UTC.
    """
    path = folder / "evidence" / f"{gate}.json"
    predicate = Predicate(
        gate=gate,
        passed=checked,
        failed=0,
        skipped=0,
        checked=checked,
        device=device,
        versions=versions() | sources(),
        started=started,
        finished=finished,
    )
    named = tuple(
        Subject(name=name, digest=Digest(sha256=digest)) for name, digest in subjects.items()
    )
    write_record(path, statement(subjects=named, predicate=predicate))
    return path
