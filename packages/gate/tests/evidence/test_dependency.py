"""What a check depends on beside the files of the tree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.evidence.dependency import Dependency, state_of

Git = Callable[..., str]
THEN = "2026-01-01T23:59:59Z"


def state(gated: Path, *names: Dependency) -> dict[str, str]:
    return dict(state_of(gated, names, clock=lambda: THEN))


def test_what_is_not_named_is_not_looked_at(tmp_path: Path) -> None:
    assert state(tmp_path) == {}


def test_head_base_and_day(gated: Path, git: Git) -> None:
    assert state(gated, "head", "base", "day") == {
        "head": git(gated, "rev-parse", "HEAD"),
        "base": git(gated, "rev-parse", "HEAD^"),
        "day": "2026-01-01",
    }


def test_a_base_follows_the_branch_that_changes_are_merged_into(gated: Path, git: Git) -> None:
    git(gated, "switch", "-q", "-c", "work")
    git(gated, "commit", "-q", "--allow-empty", "-m", "work")
    before = state(gated, "base")
    assert before == {"base": git(gated, "rev-parse", "main")}
    git(gated, "branch", "-f", "main", "main^")
    assert state(gated, "base") == {"base": git(gated, "rev-parse", "main")} != before


def settings_are_gone(gated: Path, git: Git) -> None:
    (gated / "pyproject.toml").unlink()


def detached(gated: Path, git: Git) -> None:
    git(gated, "switch", "-q", "--detach")
    git(gated, "branch", "-q", "-m", "main", "elsewhere")


@pytest.mark.parametrize(
    ("change", "wanted"), [(settings_are_gone, "ConfigFault"), (detached, "DetachedHead")]
)
def test_a_base_that_cannot_be_told_has_the_name_of_its_error(
    gated: Path, git: Git, change: Callable[[Path, Git], None], wanted: str
) -> None:
    change(gated, git)
    assert state(gated, "base") == {"base": wanted}


def test_without_a_commit_there_is_no_head(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q")
    assert state(tmp_path, "head") == {"head": "NoCommitYet"}
