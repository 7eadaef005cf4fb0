"""Which commit a change is compared with, for each shape of history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.base import base_of
from tracemill_gate.config import Config
from tracemill_gate.errors import (
    BaseHoldsHead,
    DetachedHead,
    NothingToCompare,
    ShallowClone,
    UnknownRevision,
)
from tracemill_gate.git import Repository, open_repository

Git = Callable[..., str]
CONFIG = Config(required=("unit",))
SPEC = """+++
number = 1
title = "A plan"
kind = "planning"
behaviour_change = "b"
user_intent = "u"
must_stay_unchanged = []
files_to_touch = []
fail_first_tests = []
regression_tests = []
non_goals = []
risks = []
rollback_trigger = "r"
touch_points = []
diff_shape = {lines_min = 0, lines_max = 10}
review_checks = []
depends_on = []
blocked_by = []
parallelizable_with = []
invalidation_watch = []

[approval]
by = "owner"
signal = "yes"
on = "2026-01-01"
expires_on = "2026-02-01"
spec_hash = "%s"
base_commit = "%s"
+++

# 0001: A plan

## Decision

Yes.

## Rejected

No.
"""


def committed(repository: Path, git: Git, count: int) -> Repository:
    for number in range(count):
        (repository / "a.py").write_text(
            f"a = {git(repository, 'rev-parse', 'HEAD')!r}, {number}\n"
        )
        git(repository, "commit", "-q", "-a", "-m", "more")
    return open_repository(repository)


def test_a_named_base_is_met_at_the_merge_base(repository: Path, git: Git) -> None:
    git(repository, "branch", "side")
    found = committed(repository, git, 2)
    git(repository, "checkout", "-q", "side")
    git(repository, "commit", "-q", "--allow-empty", "-m", "aside")
    assert base_of(found, CONFIG, "main") == found.commit("side^")
    with pytest.raises(UnknownRevision):
        base_of(found, CONFIG, "nowhere")


def test_a_branch_is_compared_with_where_it_left_the_upstream(repository: Path, git: Git) -> None:
    git(repository, "checkout", "-q", "-b", "work")
    found = committed(repository, git, 3)
    assert base_of(found, CONFIG, None) == found.commit("main")


@pytest.fixture
def planned(repository: Path, git: Git) -> Callable[..., str]:
    """Return ``planned(number, status, base)``: commits a spec with an approval; returns the id."""
    statuses: dict[int, str] = {}

    def commit(number: int, status: str, base: str) -> str:
        statuses[number] = status
        text = (SPEC % ("0" * 64, base)).replace("number = 1", f"number = {number}")
        (repository / "specs").mkdir(exist_ok=True)
        file = repository / f"specs/{number:04d}-a-plan.md"
        file.write_text(text.replace("# 0001", f"# {number:04d}"))
        lines = [f"- [{n:04d}: A plan](specs/{n:04d}-a-plan.md): {s}" for n, s in statuses.items()]
        (repository / "current.md").write_text("## Specd\n\n" + "\n".join(lines) + "\n")
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "planned")
        return git(repository, "rev-parse", "HEAD")

    return commit


def test_on_the_upstream_it_is_the_base_of_the_newest_approval(
    repository: Path, git: Git, planned: Callable[..., str]
) -> None:
    first = git(repository, "rev-parse", "HEAD")
    base = planned(1, "done", first)
    (repository / "specs/0003-broken.md").write_text("no spec")
    planned(2, "done", base)
    found = committed(repository, git, 2)
    assert base_of(found, CONFIG, None) == base


def test_on_the_upstream_work_in_progress_is_judged_from_where_it_started(
    repository: Path, git: Git, planned: Callable[..., str]
) -> None:
    first = git(repository, "rev-parse", "HEAD")
    second = planned(1, "in-progress", first)
    third = planned(2, "in-progress", second)
    planned(3, "approved", third)
    found = committed(repository, git, 1)
    assert base_of(found, CONFIG, None) == first
    planned(1, "done", first)
    assert base_of(found, CONFIG, None) == second


def test_nothing_but_a_branch_stands_for_the_upstream(repository: Path, git: Git) -> None:
    git(repository, "checkout", "-q", "-b", "work")
    found = committed(repository, git, 2)
    wanted = found.commit("main")
    git(repository, "tag", "main")
    git(repository, "tag", "origin/main")
    assert base_of(found, CONFIG, None) == base_of(found, CONFIG, "main") == wanted
    git(repository, "update-ref", "refs/remotes/origin/main", wanted)
    git(repository, "branch", "origin/main")
    assert base_of(found, CONFIG, None) == base_of(found, CONFIG, "origin/main") == wanted
    by_expression = CONFIG.replace(upstream=("HEAD~1", "main"))
    assert base_of(found, by_expression, None) == wanted


def test_on_the_upstream_without_approvals_it_is_the_parent(repository: Path, git: Git) -> None:
    first = open_repository(repository)
    with pytest.raises(NothingToCompare, match="HEAD is the first commit"):
        base_of(first, CONFIG, None)
    found = committed(repository, git, 2)
    assert base_of(found, CONFIG, None) == found.commit("HEAD^")


def test_a_shallow_clone_is_not_taken_for_a_first_commit(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    found = committed(repository, git, 2)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{found.root}", "shallow")
    with pytest.raises(ShallowClone):
        base_of(open_repository(tmp_path / "shallow"), CONFIG, None)


@pytest.mark.parametrize("named", ["HEAD", "later"])
def test_a_base_that_contains_head_is_refused(repository: Path, git: Git, named: str) -> None:
    git(repository, "branch", "work")
    found = committed(repository, git, 1)
    git(repository, "branch", "later")
    git(repository, "checkout", "-q", "work")
    with pytest.raises(BaseHoldsHead, match=f"got {named} that contains HEAD .*: nothing is on"):
        base_of(found, CONFIG, named)


def test_a_detached_head_needs_an_upstream_or_a_name(repository: Path, git: Git) -> None:
    found = committed(repository, git, 2)
    git(repository, "checkout", "-q", "--detach")
    assert base_of(found, CONFIG, None) == found.commit("HEAD^")
    git(repository, "branch", "-D", "main")
    with pytest.raises(DetachedHead, match="none of the branches origin/main, main is here"):
        base_of(found, CONFIG, None)
    assert base_of(found, CONFIG, "HEAD^^") == found.commit("HEAD^^")


def test_an_approval_that_starts_from_nowhere_names_its_spec(repository: Path, git: Git) -> None:
    found = committed(repository, git, 1)
    (repository / "specs").mkdir()
    (repository / "specs/0001-a-plan.md").write_text(SPEC % ("0" * 64, "f" * 40))
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "planned")
    with pytest.raises(UnknownRevision, match=r"specs/0001-a-plan\.md: wanted the commit that its"):
        base_of(found, CONFIG, None)
