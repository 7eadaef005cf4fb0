"""Judges evidence files: not the order in which sessions ran, nor what they reported."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.evidence import JUDGEMENT, Finding, evidence_path, load, store
from tracemill_gate.recorder import Clock, environment_versions
from tracemill_gate.tree import WorkingTree
from tracemill_schema.canonical import content_id
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


def judge(tree: WorkingTree, required: Sequence[str]) -> Judgement:
    """Judge the evidence of the required gates for exactly this tree."""
    findings = tuple(load(tree.root, gate, tree=tree.id)[0] for gate in required)
    return Judgement(tree=tree.id, findings=findings)


def store_judgement(tree: WorkingTree, judgement: Judgement, *, clock: Clock) -> Evidence:
    """Write the evidence of the gate itself.

    ``config`` is the digest of the required gates with their evidence files, so that the
    judgement names exactly the files it rests on. ``checked`` is the sum over the gates; each red
    gate counts as one failure.
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
            versions=dict(environment_versions()),
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


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
