"""Judges evidence files: not the order in which sessions ran, nor what they reported."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.clock import Clock
from tracemill_gate.evidence.check import Check
from tracemill_gate.evidence.dependency import READERS, state_of
from tracemill_gate.evidence.environment import versions_of
from tracemill_gate.evidence.store import JUDGEMENT, Finding, evidence_path, load, red, store
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
    tree: WorkingTree,
    required: Sequence[str],
    *,
    clock: Clock,
    expected: Mapping[str, Check] | None = None,
) -> Judgement:
    """Judge the evidence of the required gates for exactly this tree.

    Args:
        tree: The tree that the evidence must be about.
        required: The gates, in the order in which they are shown.
        clock: Gives the day, which some checks depend on.
        expected: The check that must have made the evidence of each gate; None compares none.
    """
    checks = {gate: None if expected is None else expected[gate] for gate in required}
    findings = (usable(tree, gate, check, clock=clock)[0] for gate, check in checks.items())
    return Judgement(tree=tree.id, findings=tuple(findings))


def usable(
    tree: WorkingTree, gate: str, check: Check | None, *, clock: Clock
) -> tuple[Finding, Evidence | None]:
    """Judge the evidence of one gate, and return it if the file can be believed.

    Args:
        tree: The tree that the evidence must be about.
        gate: Name of the gate.
        check: The check that must have made it, in an environment that is still the same, with
            all that it depends on as it still is; None compares none of these.
        clock: Gives the day, which some checks depend on.
    """
    finding, evidence = load(tree.root, gate, tree=tree.id)
    if check is None or evidence is None or finding.state != "green":
        return finding, evidence
    got = next((s.digest.sha256 for s in evidence.subject if s.name == "config"), None) or "none"
    if got != check.digest:
        wanted = f"{check.digest[:16]} ({shlex.join(check.command)!r})"
        mend = f"run the gate {gate!r} again with the command that is expected of it"
        detail = f"wanted the check {wanted}, got the check {got[:16]}"
        return red(gate, "other check", detail, mend), evidence
    then = evidence.predicate.versions
    installed = {name: version for name, version in then.items() if name not in READERS}
    detail = _other(installed, versions_of(tree.root, check.environment))
    if detail:
        mend = f"run the gate {gate!r} again in the environment as it is now"
        return red(gate, "other environment", detail, mend), evidence
    depended = {name: version for name, version in then.items() if name in READERS}
    detail = _other(depended, state_of(tree.root, check.depends_on, clock=clock))
    if detail:
        return red(gate, "moved on", detail, f"run the gate {gate!r} again"), evidence
    return finding, evidence


def _other(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Tell what differs between the versions that evidence was made with and those of now."""
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            wanted, got = now.get(name, "none")[:16], then.get(name, "none")[:16]
            return f"wanted {name} {wanted}, got evidence made with {name} {got}"
    return ""


def store_judgement(
    tree: WorkingTree, judgement: Judgement, *, sources: Mapping[str, str], clock: Clock
) -> Evidence:
    """Write the evidence of the gate itself.

    ``config`` is the digest of the required gates with their evidence files, so that the
    judgement names exactly the files it rests on. ``checked`` is the sum over the gates; each red
    gate counts as one failure. The versions ``sources`` are digests of folders, as datasets
    and trainings name them: they say which of these this tree can have made.
    """
    failed = sum(finding.state != "green" for finding in judgement.findings)
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
            failed=failed,
            skipped=0,
            checked=judgement.checked + failed,
            device="cpu",
            versions={**versions_of(tree.root, ""), **_digests(tree.root, sources)},
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
        f"{f.gate:{width}}  {f.state:17}  {f.checked:>7}  {f.detail}" for f in judgement.findings
    ]
    mend = [f"{f.gate}: {f.mend}" for f in judgement.findings if f.mend]
    verdict = "green" if judgement.green else f"red: {len(mend)} of {len(judgement.findings)} gates"
    closing = f"tree {judgement.tree[:16]}: {verdict}, {judgement.checked} things checked"
    return (f"{'gate':{width}}  {'evidence':17}  {'checked':>7}  ", *table, *mend, closing)


def _digests(root: Path, sources: Mapping[str, str]) -> Mapping[str, str]:
    folders = {name: root / folder for name, folder in sources.items()}
    return {name: tree_digest(folder) for name, folder in folders.items() if folder.is_dir()}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
