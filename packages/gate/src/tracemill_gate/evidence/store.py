"""The folder of evidence files: ``.tracemill/evidence/GATE.json`` with ``GATE.json.sha256``.

The second file is a line as ``sha256sum -c`` reads it. It tells an edited file from one that a
check wrote; it is no defence against somebody who edits both (signatures are the bundle's).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracemill_schema.canonical import file_digest
from tracemill_schema.errors import RecordError
from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record, write_bytes, write_record

FOLDER = Path(".tracemill/evidence")

JUDGEMENT = "gate"
"""Name of the evidence that the judgement itself leaves."""

State = Literal[
    "green",
    "missing",
    "malformed",
    "edited",
    "stale",
    "failed",
    "skipped",
    "zero-checked",
    "other check",
]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an evidence file says of one gate.

    Attributes:
        gate: Name of the gate.
        state: Green, or the first reason for red.
        checked: Things looked at; 0 where the file cannot be believed.
        detail: One sentence: wanted, got.
        mend: What to do about it; empty when green.
    """

    gate: str
    state: State
    checked: int
    detail: str
    mend: str


def evidence_path(root: Path, gate: str) -> Path:
    """Return where the evidence of a gate lies in a working tree."""
    return root / FOLDER / f"{gate}.json"


def store(root: Path, evidence: Evidence) -> Path:
    """Write an evidence file and its digest; return its path."""
    path = evidence_path(root, evidence.predicate.gate)
    write_record(path, evidence)
    write_bytes(_seal(path), f"{file_digest(path)}  {path.name}\n".encode())
    return path


def void(root: Path, gate: str) -> None:
    """Remove a gate's evidence: a check that is being run again has none until it ends."""
    path = evidence_path(root, gate)
    _seal(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def load(root: Path, gate: str, *, tree: str) -> tuple[Finding, Evidence | None]:
    """Judge the evidence of one gate for exactly the tree with the id ``tree``.

    Returns:
        The finding, and the evidence if the file can be believed (it may still be red).
    """
    path = evidence_path(root, gate)
    again = f"run the gate {gate!r} again"
    if not path.is_file():
        return _red(gate, "missing", f"wanted {FOLDER / path.name}, got no such file", again), None
    try:
        evidence = read_record(path, Evidence)
    except RecordError as error:
        first = str(error.faults[0])
        return _red(gate, "malformed", f"not a valid evidence.v1: {first}", again), None
    fault = _edited(path, gate, evidence)
    if fault:
        return _red(gate, "edited", fault, again), None
    return _judged(evidence, tree, again), evidence


def _judged(evidence: Evidence, tree: str, again: str) -> Finding:
    found = evidence.predicate
    seen = next((s.digest.gitTree for s in evidence.subject if s.name == "tree"), None)
    if seen != tree:
        detail = f"wanted evidence for tree {tree[:16]}, got tree {(seen or 'none')[:16]}"
        return _red(found.gate, "stale", detail, again)
    if found.failed:
        mend = f"mend what failed, then {again}"
        return _red(found.gate, "failed", f"{found.failed} of {found.checked} failed", mend)
    if found.skipped:
        mend = f"make them run, or allow each with a reason (--allow-skip), then {again}"
        return _red(found.gate, "skipped", f"{found.skipped} skipped, which is not a pass", mend)
    if not found.checked:
        mend = f"find out why nothing was looked at, then {again}"
        return _red(found.gate, "zero-checked", "wanted at least 1 thing checked, got 0", mend)
    return Finding(
        gate=found.gate,
        state="green",
        checked=found.checked,
        detail=f"{found.checked} checked on {found.device}",
        mend="",
    )


def _edited(path: Path, gate: str, evidence: Evidence) -> str:
    found = evidence.predicate
    seal = _seal(path)
    wanted = f"{file_digest(path)}  {path.name}\n".encode()
    if not seal.is_file() or seal.read_bytes() != wanted:
        return f"its digest is not the one in {seal.name}"
    if found.gate != gate:
        return f"it is about the gate {found.gate!r}"
    if found.passed + found.failed + found.skipped != found.checked:
        return "passed, failed and skipped do not add up to checked"
    return ""


def _red(gate: str, state: State, detail: str, mend: str) -> Finding:
    return Finding(gate=gate, state=state, checked=0, detail=detail, mend=mend)


def _seal(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")
