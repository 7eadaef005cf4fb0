"""Canaries among the evidence: every state that is not green."""

from __future__ import annotations

from pathlib import Path

from canary.canary import Canary
from canary.plant import append, commit, remove, replace, write
from canary.scene import PASSED

FILE = ".tracemill/evidence/unit.json"
JUDGE = ("tracemill", "gate", "judge", "--plan", "plan.json")
AGAIN = ("tracemill", "gate", "run", "--plan", "plan.json", "--again")
FAILED = PASSED.replace("/></testsuite>", "><failure/></testcase></testsuite>")
SKIPPED = PASSED.replace("/></testsuite>", '><skipped message="later"/></testcase></testsuite>')


def installed(root: Path) -> None:
    """Install another distribution in the environment of the check."""
    (root / "venv/lib/python3.11/site-packages/two-2.0.dist-info").mkdir()


CANARIES = (
    Canary(
        part="evidence",
        rule="missing",
        plant=remove(FILE),
        command=JUDGE,
        says=("unit  missing", "got no such file", "unit: run the gate 'unit' again"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="malformed",
        plant=write(FILE, "{}"),
        command=JUDGE,
        says=("unit  malformed", "not a valid evidence.v1", "unit: run the gate 'unit' again"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="edited",
        plant=replace(FILE, '"passed":1', '"passed":2'),
        command=JUDGE,
        says=("unit  edited", "its digest is not the one in unit.json.sha256"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="stale",
        plant=append("pyproject.toml", "# another tree\n"),
        command=JUDGE,
        says=("unit  stale", "wanted evidence for tree"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="stale",
        case="an untracked file",
        plant=write("new.py", ""),
        command=JUDGE,
        says=("unit  stale",),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="failed",
        plant=write("result.log", FAILED),
        command=AGAIN,
        says=("unit  failed", "1 of 1 failed", "unit: mend what failed"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="skipped",
        plant=write("result.log", SKIPPED),
        command=AGAIN,
        says=("unit  skipped", "1 skipped, which is not a pass"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="zero-checked",
        plant=write("result.log", "<testsuite/>"),
        command=AGAIN,
        says=("unit  zero-checked", "wanted at least 1 thing checked, got 0"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="other check",
        plant=replace("plan.json", '"cp"', '"cp", "-f"'),
        command=JUDGE,
        says=("unit  other check", "with the command that is expected of it"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="other environment",
        plant=installed,
        command=JUDGE,
        says=("unit  other environment", "wanted distributions"),
        scene="judged",
    ),
    Canary(
        part="evidence",
        rule="moved on",
        plant=commit,
        command=JUDGE,
        says=("unit  moved on", "wanted head "),
        scene="judged",
    ),
)
