"""Approvals, in real repositories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracemill_gate.errors import (
    GateUsage,
    NotARepository,
    SpecFaults,
    UnknownRevision,
    UnknownSpec,
)
from tracemill_gate.planning.approve import Word, approve
from tracemill_gate.planning.lint import lint
from tracemill_gate.planning.plan import read_plan

DAY = date(2026, 3, 15)
WORD = Word(by="owner", signal='"yes"\n', on=DAY, expires_on=date(2026, 5, 1))
Git = Callable[..., str]
SpecText = Callable[..., str]
Listed = Callable[..., str]


@pytest.fixture
def committed(root: Path, git: Git, spec_text: SpecText, listed: Listed) -> Path:
    """The folder as a repository of two commits, with a spec 3 that is specd."""
    (root / "specs/0003-third.md").write_text(spec_text(3, "Third"))
    lines = (
        (1, "First", "withdrawn", "0001-first.md"),
        (2, "Second", "approved", "0002-second.md"),
        (3, "Third", "specd", "0003-third.md"),
    )
    (root / "current.md").write_text(listed(*lines))
    second = root / "specs/0002-second.md"
    second.write_text(second.read_text().replace("depends_on = [1]", "depends_on = []"))
    git(root, "init", "-q", "-b", "main", "--template=")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    git(root, "commit", "-q", "--allow-empty", "-m", "second")
    return root


def test_an_approval_holds_for_exactly_the_text_that_was_there(committed: Path, git: Git) -> None:
    head = git(committed, "rev-parse", "HEAD")
    approval = approve(committed, 3, WORD, base="HEAD", day=DAY)
    file, entry = read_plan(committed).find(3)
    assert file.document.spec.approval == approval
    assert approval.spec_hash == file.document.spec.content_hash
    assert (approval.by, approval.signal) == ("owner", '"yes"\n')
    assert (approval.on, approval.expires_on) == ("2026-03-15", "2026-05-01")
    assert approval.base_commit == head
    assert entry.status == "approved"
    second = [str(fault) for fault in lint(committed, day=DAY).faults]
    assert len(second) == 1  # 0002 was edited after its approval
    assert second[0].startswith("specs/0002-second.md:31: the approval is void")


def test_a_void_approval_is_replaced_and_the_status_stays(committed: Path, git: Git) -> None:
    approval = approve(committed, 2, WORD, base="HEAD~1", day=DAY)
    assert approval.base_commit == git(committed, "rev-parse", "HEAD~1")
    assert read_plan(committed).find(2)[1].status == "approved"
    assert lint(committed, day=DAY).green


def test_an_approval_that_was_killed_is_told_and_can_be_repeated(committed: Path) -> None:
    approve(committed, 2, WORD, base="HEAD", day=DAY)
    before = (committed / "current.md").read_text()
    approve(committed, 3, WORD, base="HEAD", day=DAY)
    after = (committed / "current.md").read_text()
    (committed / "current.md").write_text(before)
    assert [str(fault) for fault in lint(committed, day=DAY).faults] == [
        (
            "current.md:27: 0003 has an approval, but its status is specd; "
            "run again: tracemill spec approve 3"
        )
    ]
    approve(committed, 3, WORD, base="HEAD", day=DAY)
    assert (committed / "current.md").read_text() == after


EARLY = Word(by="owner", signal="yes", on=date(2026, 3, 1), expires_on=date(2026, 3, 14))
AHEAD = Word(by="owner", signal="yes", on=date(2026, 3, 16), expires_on=date(2026, 3, 20))
NOBODY = Word(by=" ", signal="yes", on=DAY, expires_on=DAY)
SILENT = Word(by="owner", signal="", on=DAY, expires_on=DAY)
REFUSED: list[tuple[int, Word, str, type[Exception], str]] = [
    (1, WORD, "HEAD", GateUsage, "0001 is withdrawn; wanted a spec that is to be done"),
    (4, WORD, "HEAD", UnknownSpec, "lists, got 0004; known are: 0001, 0002, 0003"),
    (3, WORD, "nowhere", UnknownRevision, "wanted a commit of this repository, got 'nowhere'"),
    (3, WORD, "side", GateUsage, "--base: wanted a commit in the history of HEAD, got 'side'"),
    (
        3,
        EARLY,
        "HEAD",
        GateUsage,
        "--expires-on: wanted today, 2026-03-15, or later, got 2026-03-14",
    ),
    (3, AHEAD, "HEAD", GateUsage, "--on: wanted today, 2026-03-15, or earlier, got 2026-03-16"),
    (3, NOBODY, "HEAD", GateUsage, "--by: wanted words, got ' '"),
    (3, SILENT, "HEAD", GateUsage, "--signal: wanted words, got ''"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[4][:24])
def test_what_is_refused_changes_nothing(
    committed: Path, git: Git, case: tuple[int, Word, str, type[Exception], str]
) -> None:
    number, word, base, kind, message = case
    git(committed, "checkout", "-q", "--orphan", "side")
    git(committed, "commit", "-q", "--allow-empty", "-m", "side")
    git(committed, "checkout", "-q", "main")
    with pytest.raises(kind) as caught:
        approve(committed, number, word, base=base, day=DAY)
    assert message in str(caught.value)
    assert git(committed, "status", "--porcelain") == ""


def test_an_approval_that_is_replaced_keeps_its_base(committed: Path, git: Git) -> None:
    """Work that was done since must stay on trial."""
    start = approve(committed, 3, WORD, base=None, day=DAY).base_commit
    assert start == git(committed, "rev-parse", "HEAD")
    git(committed, "commit", "-q", "-a", "-m", "approved")
    later = Word(by="owner", signal="again", on=DAY, expires_on=date(2026, 6, 1))
    again = approve(committed, 3, later, base=None, day=DAY)
    assert (again.signal, again.base_commit) == ("again", start)
    assert approve(committed, 3, later, base="HEAD", day=DAY).base_commit != start


def test_a_base_that_is_gone_must_be_named(committed: Path, git: Git) -> None:
    with pytest.raises(GateUsage) as caught:
        approve(committed, 2, WORD, base=None, day=DAY)
    assert str(caught.value) == (
        f"the approval that is replaced starts from {'b' * 16}, which is not in the history of "
        "HEAD; name what the work starts from with --base"
    )
    assert git(committed, "status", "--porcelain") == ""


def test_what_is_done_is_not_approved_again(committed: Path, listed: Listed) -> None:
    (committed / "current.md").write_text(
        listed(
            (1, "First", "withdrawn", "0001-first.md"),
            (2, "Second", "done", "0002-second.md"),
            (3, "Third", "specd", "0003-third.md"),
        )
    )
    with pytest.raises(GateUsage, match="^0002 is done; wanted a spec that is to be done$"):
        approve(committed, 2, WORD, base="HEAD", day=DAY)


def test_a_spec_at_fault_is_not_approved(committed: Path, git: Git, spec_text: SpecText) -> None:
    text = spec_text(3, "Third", files_to_touch=[{"path": "spec_2.py", "kind": "add"}])
    (committed / "specs/0003-third.md").write_text(text)
    git(committed, "commit", "-q", "-a", "-m", "overlap")
    with pytest.raises(SpecFaults, match=r"^specs/0003-third.md:8: overlaps with 0002 in spec_2"):
        approve(committed, 3, WORD, base="HEAD", day=DAY)
    assert git(committed, "status", "--porcelain") == ""


def test_without_a_repository_there_is_no_base(root: Path) -> None:
    with pytest.raises(NotARepository):
        approve(root, 2, WORD, base="HEAD", day=DAY)
