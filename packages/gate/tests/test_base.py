"""Which commit a change is compared with, for each shape of history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.base import base_of
from tracemill_gate.config import Config
from tracemill_gate.errors import NothingToCompare, ShallowClone, UnknownRevision
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


def test_on_the_upstream_it_is_the_base_of_the_newest_approval(repository: Path, git: Git) -> None:
    found = committed(repository, git, 1)
    base = found.commit("HEAD")
    (repository / "specs").mkdir()
    (repository / "specs/0001-a-plan.md").write_text(SPEC % ("0" * 64, base))
    (repository / "specs/0002-broken.md").write_text("no spec")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "planned")
    found = committed(repository, git, 2)
    assert base_of(found, CONFIG, None) == base


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
