"""The door to git: every way in which a commit can be out of reach has its own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import (
    DirtyTree,
    NoCommonAncestor,
    NoGit,
    NotARepository,
    ShallowClone,
    UnknownRevision,
)
from tracemill_gate.git import Repository, open_repository

Git = Callable[..., str]


@pytest.fixture
def two(repository: Path, git: Git) -> Repository:
    """A repository with two commits."""
    (repository / "a.py").write_text("a = 2\n")
    git(repository, "commit", "-q", "-a", "-m", "second")
    return open_repository(repository / "folder")


def test_commits_ancestors_and_files(two: Repository, git: Git) -> None:
    head, first = two.commit("HEAD"), two.commit("HEAD^")
    assert head == git(two.root, "rev-parse", "HEAD")
    assert two.is_ancestor(first, head)
    assert not two.is_ancestor(head, first)
    assert two.merge_base(head, first) == first
    assert two.show(first, "a.py") == b"a = 1\n"
    assert two.show(first, "none.py") is None
    assert two.show(first, "folder") is None
    assert two.paths(head) == (".gitignore", "a.py", "folder/b.py")
    assert two.paths(head, "folder/") == ("folder/b.py",)


@pytest.mark.parametrize("revision", ["nowhere", "--all", "HEAD:a.py", ""])
def test_a_revision_that_is_none(two: Repository, revision: str) -> None:
    with pytest.raises(UnknownRevision, match=f"wanted a commit .*, got '{revision}'"):
        two.commit(revision)


def test_a_shallow_clone_says_so(two: Repository, git: Git, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{two.root}", "shallow")
    shallow = open_repository(tmp_path / "shallow")
    assert shallow.is_shallow
    with pytest.raises(ShallowClone, match="this is a shallow clone; fetch the whole history"):
        shallow.commit("HEAD^")


def test_histories_that_never_met(two: Repository, git: Git) -> None:
    git(two.root, "checkout", "-q", "--orphan", "other")
    git(two.root, "commit", "-q", "--allow-empty", "-m", "alone")
    with pytest.raises(NoCommonAncestor, match="have no common ancestor"):
        two.merge_base("main", "other")


def test_uncommitted_changes_are_named(two: Repository) -> None:
    two.require_clean()
    for name in ("a.py", "b.py", "c.py", "d.py"):
        (two.root / name).write_text("x")
    with pytest.raises(DirtyTree, match=r"got a.py, b.py, c.py and 1 more; commit or stash them"):
        two.require_clean()


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotARepository, match="wanted a folder of a git working tree, got none"):
        open_repository(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoGit, match="install git"):
        open_repository(tmp_path)
