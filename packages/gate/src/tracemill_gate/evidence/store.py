"""The folder of evidence files: ``.tracemill/evidence/GATE.json``, each with its seal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tracemill_schema.errors import RecordError
from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record
from tracemill_schema.seal import is_sealed, seal_path, unlink_sealed, write_sealed

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
    "other environment",
    "moved on",
]
RED_STATES: tuple[State, ...] = get_args(State)[1:]
"""In the order in which they are looked for: the first that holds is told."""


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
    """Write an evidence file and its seal; return its path."""
    path = evidence_path(root, evidence.predicate.gate)
    write_sealed(path, evidence)
    return path


def void(root: Path, gate: str) -> None:
    """Remove a gate's evidence: a check that is being run again has none until it ends.

    With it goes the judgement of all, which may have rested on it.
    """
    for name in (JUDGEMENT, gate):
        unlink_sealed(evidence_path(root, name))


def load(root: Path, gate: str, *, tree: str) -> tuple[Finding, Evidence | None]:
    """Judge the evidence of one gate for exactly the tree with the id ``tree``.

    Returns:
        The finding, and the evidence if the file can be believed (it may still be red).
    """
    path = evidence_path(root, gate)
    again = f"run the gate {gate!r} again"
    if not path.is_file():
        return red(gate, "missing", f"wanted {FOLDER / path.name}, got no such file", again), None
    try:
        evidence = read_record(path, Evidence)
    except RecordError as error:
        first = str(error.faults[0])
        return red(gate, "malformed", f"not a valid evidence.v1: {first}", again), None
    fault = _edited(path, gate, evidence)
    if fault:
        return red(gate, "edited", fault, again), None
    return _judged(evidence, tree, again), evidence


def _judged(evidence: Evidence, tree: str, again: str) -> Finding:
    found = evidence.predicate
    seen = next((s.digest.gitTree for s in evidence.subject if s.name == "tree"), None)
    if seen != tree:
        detail = f"wanted evidence for tree {tree[:16]}, got tree {(seen or 'none')[:16]}"
        return red(found.gate, "stale", detail, again)
    if found.failed:
        mend = f"mend what failed, then {again}"
        return red(found.gate, "failed", f"{found.failed} of {found.checked} failed", mend)
    if found.skipped:
        mend = f"make them run, or allow each with a reason (--allow-skip), then {again}"
        return red(found.gate, "skipped", f"{found.skipped} skipped, which is not a pass", mend)
    if not found.checked:
        mend = f"find out why nothing was looked at, then {again}"
        return red(found.gate, "zero-checked", "wanted at least 1 thing checked, got 0", mend)
    return Finding(
        gate=found.gate,
        state="green",
        checked=found.checked,
        detail=f"{found.checked} checked on {found.device}",
        mend="",
    )


def _edited(path: Path, gate: str, evidence: Evidence) -> str:
    found = evidence.predicate
    if not is_sealed(path):
        return f"its digest is not the one in {seal_path(path).name}"
    if found.gate != gate:
        return f"it is about the gate {found.gate!r}"
    if not found.adds_up:
        return "passed, failed and skipped do not add up to checked"
    return ""


def red(gate: str, state: State, detail: str, mend: str) -> Finding:
    """Return the finding that the evidence of a gate is red."""
    return Finding(gate=gate, state=state, checked=0, detail=detail, mend=mend)
