"""The command ``spec check``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracemill_gate.command.change import check
from tracemill_gate.errors import GateRed, NotARepository
from tracemill_gate.planning import document
from tracemill_gate.planning.document import SpecDocument
from tracemill_gate.planning.prose import Section
from tracemill_schema.spec import Approval, FileChange, NonGoal, Spec

Git = Callable[..., str]
CURRENT = """# where it stands

## Institutional Knowledge

- One.

## Beliefs

- Two.

## Brainstormed

## Specd

- [0001: A plan](specs/0001-plan.md): in-progress
"""
PROSE = (Section(name="Decision", text="Yes."), Section(name="Rejected", text="No."))


@pytest.fixture
def planned(gated: Path, git: Git) -> Path:
    """A repository on a branch that adds the one file which its approved spec adds."""
    base = git(gated, "rev-parse", "HEAD")
    values = {
        **dict.fromkeys(("behaviour_change", "user_intent", "rollback_trigger"), "said"),
        **dict.fromkeys(("must_stay_unchanged", "fail_first_tests", "regression_tests"), ()),
        **dict.fromkeys(("risks", "touch_points", "depends_on", "blocked_by"), ()),
        **dict.fromkeys(("parallelizable_with", "invalidation_watch"), ()),
        "number": 1,
        "title": "A plan",
        "kind": "planning",
        "approval": None,
        "files_to_touch": (FileChange(path="docs/a.md", kind="add"),),
        "non_goals": (NonGoal(kind="prose", text="No code."),),
        "review_checks": ("It reads well.",),
        "diff_shape": {"lines_min": 1, "lines_max": 5},
    }
    spec = Spec.model_validate(values)
    days = {"on": "2026-05-01", "expires_on": "2026-06-01"}
    said = Approval(by="owner", signal="yes", spec_hash=spec.content_hash, base_commit=base, **days)
    text = document.render(SpecDocument(spec=spec.replace(approval=said), sections=PROSE))
    (gated / "specs").mkdir()
    (gated / "specs/0001-plan.md").write_text(text)
    (gated / "current.md").write_text(CURRENT)
    (gated / "docs").mkdir()
    (gated / "docs/a.md").write_text("One.\nTwo.\n")
    git(gated, "checkout", "-q", "-b", "work")
    git(gated, "add", "-A")
    git(gated, "commit", "-q", "-m", "planned and done")
    return gated


def call(folder: Path, *words: str) -> tuple[str, BaseException | None]:
    result = CliRunner().invoke(check, [*words, "--folder", str(folder)])
    return result.stdout, result.exception


def test_a_change_as_agreed_is_told_with_what_people_must_judge(planned: Path, git: Git) -> None:
    base, head = (git(planned, "rev-parse", name)[:12] for name in ("main", "work"))
    output, fault = call(planned / "docs", "--today", "2026-05-10")
    assert fault is None
    assert output.splitlines() == [
        f"{base}..{head}: specs/0001-plan.md",
        "  spec 0001: this approval is new in this change: by owner on 2026-05-01",
        "  spec 0001: not done: No code.",
        "  spec 0001: to review: It reads well.",
        "checked: 8, failed: 0",
    ]


def test_faults_are_told_as_text_and_as_json(planned: Path, git: Git) -> None:
    lines = (planned / "specs/0001-plan.md").read_text().splitlines()
    line = lines.index('expires_on = "2026-06-01"') + 1
    where = f"specs/0001-plan.md:{line}"
    output, fault = call(planned, "--today", "2026-07-01")
    expired = "the approval expired on 2026-06-01; have it approved again"
    assert output.splitlines()[-2:] == [
        f"{where}: {expired}",
        "checked: 8, failed: 1",
    ]
    assert isinstance(fault, GateRed)
    assert str(fault) == "change: 1 fault found"
    output, _ = call(planned, "--json", "--base", "main", "--today", "2026-07-01")
    told = json.loads(output)
    assert told == {
        "base": git(planned, "rev-parse", "main"),
        "checked": 8,
        "faults": [{"where": where, "message": expired}],
        "for_reviewer": [
            "spec 0001: this approval is new in this change: by owner on 2026-05-01",
            "spec 0001: not done: No code.",
            "spec 0001: to review: It reads well.",
        ],
        "green": False,
        "head": git(planned, "rev-parse", "work"),
        "specs": ["specs/0001-plan.md"],
    }


def test_a_day_that_is_none_is_misuse_and_no_repository_cannot_be_judged(tmp_path: Path) -> None:
    assert CliRunner().invoke(check, ["--today", "2026-02-30"]).exit_code == 2
    _, fault = call(tmp_path)
    assert isinstance(fault, NotARepository)
    assert fault.exit_code == 3
