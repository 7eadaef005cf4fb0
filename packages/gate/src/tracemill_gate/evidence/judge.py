"""Judges evidence files: not the order in which sessions ran, nor what they reported."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.evidence.recorder import Check, Clock, environment_versions
from tracemill_gate.evidence.store import JUDGEMENT, Finding, evidence_path, load, store
from tracemill_gate.tree import WorkingTree
from tracemill_schema.canonical import content_id, tree_digest
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the evidence says of one working tree.

    Attributes:
        tree: Id of the tree that was judged.
        findings: One per required gate, in order.
    """

    tree: str
    findings: tuple[Finding, ...]

    @property
    def green(self) -> bool:
        """Tell whether every required gate is green."""
        return all(finding.state == "green" for finding in self.findings)

    @property
    def checked(self) -> int:
        """Sum of the things that the believed evidence looked at."""
        return sum(finding.checked for finding in self.findings)


def judge(
    tree: WorkingTree, required: Sequence[str], *, expected: Mapping[str, Check] | None = None
) -> Judgement:
    """Judge the evidence of the required gates for exactly this tree.

    Args:
        tree: The tree that the evidence must be about.
        required: The gates, in the order in which they are shown.
        expected: The check that must have made the evidence of each gate; None compares none.
    """
    checks = {gate: None if expected is None else expected[gate] for gate in required}
    findings = (_judged(tree, gate, check) for gate, check in checks.items())
    return Judgement(tree=tree.id, findings=tuple(findings))


def _judged(tree: WorkingTree, gate: str, check: Check | None) -> Finding:
    finding, evidence = load(tree.root, gate, tree=tree.id)
    if check is None or evidence is None or finding.state != "green":
        return finding
    got = next((s.digest.sha256 for s in evidence.subject if s.name == "config"), None) or "none"
    if got == check.digest:
        return finding
    wanted = f"{check.digest[:16]} ({shlex.join(check.command)!r})"
    return Finding(
        gate=gate,
        state="other check",
        checked=0,
        detail=f"wanted the check {wanted}, got the check {got[:16]}",
        mend=f"run the gate {gate!r} again with the command that is expected of it",
    )


def store_judgement(
    tree: WorkingTree, judgement: Judgement, *, generator: str | None, clock: Clock
) -> Evidence:
    """Write the evidence of the gate itself.

    ``config`` is the digest of the required gates with their evidence files, so that the
    judgement names exactly the files it rests on. ``checked`` is the sum over the gates; each red
    gate counts as one failure. The version ``source_tree`` is the digest of the folder
    ``generator``, as ``dataset.v1`` names it: it says which datasets this tree can have made.
    """
    red = sum(finding.state != "green" for finding in judgement.findings)
    rests_on = {f.gate: _digest(evidence_path(tree.root, f.gate)) for f in judgement.findings}
    now = clock()
    evidence = statement(
        subjects=(
            Subject(name="tree", digest=Digest(gitTree=judgement.tree)),
            Subject(name="config", digest=Digest(sha256=content_id(rests_on))),
        ),
        predicate=Predicate(
            gate=JUDGEMENT,
            passed=judgement.checked,
            failed=red,
            skipped=0,
            checked=judgement.checked + red,
            device="cpu",
            versions={**environment_versions(), **_source_tree(tree.root, generator)},
            started=now,
            finished=now,
        ),
    )
    store(tree.root, evidence)
    return evidence


def lines(judgement: Judgement) -> tuple[str, ...]:
    """Return the judgement as a table, one line per gate, and what to mend below it."""
    width = max(len(finding.gate) for finding in judgement.findings)
    table = [
        f"{f.gate:{width}}  {f.state:12}  {f.checked:>7}  {f.detail}" for f in judgement.findings
    ]
    mend = [f"{f.gate}: {f.mend}" for f in judgement.findings if f.mend]
    red = len(mend)
    verdict = "green" if judgement.green else f"red: {red} of {len(judgement.findings)} gates"
    closing = f"tree {judgement.tree[:16]}: {verdict}, {judgement.checked} things checked"
    return (f"{'gate':{width}}  {'evidence':12}  {'checked':>7}  ", *table, *mend, closing)


def _source_tree(root: Path, generator: str | None) -> Mapping[str, str]:
    folder = None if generator is None else root / generator
    return {"source_tree": tree_digest(folder)} if folder and folder.is_dir() else {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
