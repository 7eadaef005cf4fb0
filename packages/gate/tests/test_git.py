"""The door to git: every way in which a commit can be out of reach has its own words."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import (
    DirtyTree,
    GitFailed,
    ManyAncestors,
    NoCommitYet,
    NoCommonAncestor,
    NoGit,
    NotARepository,
    ShallowClone,
    StrangeDate,
    UnknownRevision,
)
from tracemill_gate.git import Repository, listed, open_repository, shown

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
    with pytest.raises(ShallowClone, match="wanted the whole history, but this is a shallow"):
        shallow.require_whole()
    two.require_whole()


def test_a_repository_without_a_commit_says_so(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "-b", "new", "--template=")
    fresh = open_repository(tmp_path)
    assert fresh.branch == "new"
    with pytest.raises(NoCommitYet, match="but the branch new has none yet; commit first"):
        fresh.commit("HEAD")


def test_the_branch_of_head(two: Repository, git: Git) -> None:
    assert two.branch == "main"
    git(two.root, "checkout", "-q", "--detach")
    assert two.branch is None


def test_histories_that_never_met(two: Repository, git: Git) -> None:
    git(two.root, "checkout", "-q", "--orphan", "other")
    git(two.root, "commit", "-q", "--allow-empty", "-m", "alone")
    with pytest.raises(NoCommonAncestor, match="have no common ancestor"):
        two.merge_base("main", "other")


def test_histories_that_met_twice(two: Repository, git: Git) -> None:
    bases = []
    for name in ("one", "other"):
        git(two.root, "checkout", "-q", "-b", name, "main")
        git(two.root, "commit", "-q", "--allow-empty", "-m", name)
        bases.append(two.commit("HEAD"))
    git(two.root, "merge", "-q", "one", "-m", "one into other")
    git(two.root, "checkout", "-q", "one")
    git(two.root, "merge", "-q", "other^", "-m", "other into one")
    with pytest.raises(ManyAncestors) as caught:
        two.merge_base("one", "other")
    assert all(base in str(caught.value) for base in bases)
    assert not two.is_ancestor("one", "other")
    assert two.is_ancestor("one^", "other")


def test_contents_by_blob(two: Repository, git: Git) -> None:
    (two.root / "strange").write_bytes(b"\n\0 blob 3\nend")
    (two.root / "empty").write_bytes(b"")
    git(two.root, "add", "-A")
    strange, empty = (two.text("rev-parse", f":{name}") for name in ("strange", "empty"))
    found = two.blobs([strange, empty, strange])
    assert found == {strange: b"\n\0 blob 3\nend", empty: b""}
    assert two.blobs([]) == {}
    with pytest.raises(GitFailed, match="wanted the contents of ffff.*, which is not here"):
        two.blobs(["f" * 40])


@pytest.mark.parametrize(
    ("days", "latest"),
    [
        (["2076-05-08T23:30:00-01:00"], datetime.date(2076, 5, 9)),
        (["2076-05-08T12:00:00Z", "2076-05-01T12:00:00Z"], datetime.date(2076, 5, 8)),
    ],
)
def test_the_day_is_the_latest_of_all_commits_in_utc(
    two: Repository,
    git: Git,
    monkeypatch: pytest.MonkeyPatch,
    days: list[str],
    latest: datetime.date,
) -> None:
    since = two.commit("HEAD")
    for day in days:
        monkeypatch.setenv("GIT_COMMITTER_DATE", day)
        git(two.root, "commit", "-q", "--allow-empty", "-m", "later", "--date", "2020-01-01T00:00Z")
    assert two.day("HEAD", since) == latest


def test_a_day_outside_the_calendar_says_so(
    two: Repository, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@999999999999 +0000")
    git(two.root, "commit", "-q", "--allow-empty", "-m", "far")
    with pytest.raises(StrangeDate, match="got one of second 999999999999 since 1970 between"):
        two.day("HEAD", "HEAD^")


def test_a_branch_is_known_by_its_whole_name_alone(two: Repository, git: Git) -> None:
    head, first = two.commit("HEAD"), two.commit("HEAD^")
    git(two.root, "tag", "only-a-tag")
    git(two.root, "tag", "main", first)
    git(two.root, "branch", "origin/work", first)
    assert two.branch_commit("main") == head
    assert two.branch_commit("origin/work") == first
    git(two.root, "update-ref", "refs/remotes/origin/work", head)
    assert two.branch_commit("origin/work") == head
    for name in ("only-a-tag", "main~1", "HEAD", "heads/main", "../tags/main", "--all", ""):
        assert two.branch_commit(name) is None


def test_commits_are_seen_as_they_are(two: Repository, git: Git) -> None:
    head, first = two.commit("HEAD"), two.commit("HEAD^")
    git(two.root, "replace", head, first)
    (two.root / ".git/info").mkdir(exist_ok=True)
    (two.root / ".git/info/grafts").write_text(f"{head}\n")
    assert two.show(head, "a.py") == b"a = 2\n"
    assert two.is_ancestor(first, head)


def test_names_are_shown_so_that_they_can_be_printed() -> None:
    assert shown("caf\udce9\n.t\u00e9xt") == "caf\\udce9\\n.t\u00e9xt"
    assert listed(["a", "b\t", "c"]) == "a, b\\t, c"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_files_that_git_is_told_not_to_look_at_are_named(
    two: Repository, git: Git, mark: str
) -> None:
    git(two.root, "update-index", mark, "a.py")
    with pytest.raises(DirtyTree, match=r"got a\.py marked assume-unchanged or skip-worktree"):
        two.require_clean()


def test_untracked_files_count_whatever_the_settings_say(two: Repository, git: Git) -> None:
    git(two.root, "config", "status.showUntrackedFiles", "no")
    (two.root / "new").write_text("")
    with pytest.raises(DirtyTree, match="got new; commit or stash them"):
        two.require_clean()


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
