"""The tree id: what git would say of the files as they are, without touching the repository."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import DirtyTree, GitFailed, NoGit, NotARepository
from tracemill_gate.tree import changed_paths, snapshot

Git = Callable[..., str]


def in_repository(folder: Path) -> dict[str, bytes]:
    """Return every file of ``.git`` with its bytes."""
    files = (path for path in sorted((folder / ".git").rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in files}


def by_git(folder: Path, git: Git) -> str:
    """Return the tree that git itself writes of the working state; stages everything."""
    git(folder, "add", "-A")
    return git(folder, "write-tree")


def test_a_clean_tree_is_that_of_the_commit(repository: Path, git: Git) -> None:
    found = snapshot(repository)
    assert found.id == git(repository, "rev-parse", "HEAD^{tree}")
    assert sorted(found.files) == [".gitignore", "a.py", "folder/b.py"]
    assert found.root == repository


def untracked(root: Path) -> None:
    (root / "new file\n\u00e4.txt").write_text("new")


def modified(root: Path) -> None:
    (root / "a.py").write_text("a = 2\n")


def deleted(root: Path) -> None:
    (root / "folder/b.py").unlink()


def renamed(root: Path) -> None:
    (root / "a.py").rename(root / "folder/a.py")


def made_executable(root: Path) -> None:
    (root / "a.py").chmod(0o755)


def linked(root: Path) -> None:
    (root / "link").symlink_to("a.py")


def file_became_folder(root: Path) -> None:
    (root / "a.py").unlink()
    (root / "a.py").mkdir()
    (root / "a.py/inner.py").write_text("")


def folder_became_link(root: Path) -> None:
    (root / "folder").rename(root / "other")
    (root / "folder").symlink_to("other")


def binary(root: Path) -> None:
    (root / "data.bin").write_bytes(bytes(range(256)))


CHANGES = [
    untracked,
    modified,
    deleted,
    renamed,
    made_executable,
    linked,
    file_became_folder,
    folder_became_link,
    binary,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_change_is_seen_as_git_sees_it(
    repository: Path, git: Git, change: Callable[[Path], None]
) -> None:
    before = snapshot(repository)
    change(repository)
    after = snapshot(repository)
    assert after.id != before.id
    assert after.id == by_git(repository, git)


def test_ignored_files_do_not_count_but_tracked_ones_always_do(repository: Path, git: Git) -> None:
    before = snapshot(repository).id
    (repository / "a.log").write_text("noise")
    assert snapshot(repository).id == before
    git(repository, "add", "-f", "a.log")
    assert snapshot(repository).id != before


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_change_cannot_be_hidden_by_a_flag_of_the_index(
    repository: Path, git: Git, flag: str
) -> None:
    before = snapshot(repository).id
    git(repository, "update-index", flag, "a.py")
    assert snapshot(repository).id == before
    (repository / "a.py").write_text("a = 2\n")
    assert snapshot(repository).id != before


def test_a_change_cannot_be_hidden_by_size_and_time(repository: Path) -> None:
    path = repository / "a.py"
    times = path.stat()
    before = snapshot(repository).id
    path.write_text("a = 9\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert snapshot(repository).id != before


def test_staging_changes_nothing(repository: Path, git: Git) -> None:
    modified(repository)
    before = snapshot(repository).id
    git(repository, "add", "a.py")
    assert snapshot(repository).id == before


def test_the_repository_is_left_as_it_was(repository: Path) -> None:
    modified(repository)
    untracked(repository)
    (repository / ".git/index.lock").write_text("another git is at work")
    before = in_repository(repository)
    snapshot(repository)
    assert in_repository(repository) == before


def test_any_folder_of_the_tree_will_do(repository: Path) -> None:
    assert snapshot(repository / "folder") == snapshot(repository)


def test_the_environment_of_a_git_hook_does_not_lead_astray(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = snapshot(repository).id
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other-index"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    assert snapshot(repository).id == wanted


def test_a_repository_without_commits_has_a_tree(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q")
    empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    assert snapshot(tmp_path).id == empty
    (tmp_path / "a").write_text("")
    assert snapshot(tmp_path).id != empty


def test_a_linked_worktree_has_its_own_tree(repository: Path, tmp_path: Path, git: Git) -> None:
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")
    assert snapshot(tmp_path / "linked").id == snapshot(repository).id
    modified(tmp_path / "linked")
    assert snapshot(tmp_path / "linked").id != snapshot(repository).id


def test_a_repository_inside_counts_by_its_commit(repository: Path, git: Git) -> None:
    inner = repository / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "x").write_text("x")
    git(inner, "add", "-A")
    git(inner, "commit", "-q", "-m", "x")
    found = snapshot(repository)
    assert found.files["inner"] == f"160000 {git(inner, 'rev-parse', 'HEAD')}"
    (inner / "x").write_text("y")
    with pytest.raises(DirtyTree) as caught:
        snapshot(repository)
    assert str(caught.value) == (
        f"inner: a repository inside this one counts by its commit alone: {inner}: wanted a "
        "working tree without uncommitted changes, got x; commit or stash them, then run this again"
    )
    assert caught.value.exit_code == 3


def test_outside_a_repository_is_a_clear_message(tmp_path: Path) -> None:
    with pytest.raises(NotARepository) as caught:
        snapshot(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: wanted a folder of a git working tree, got none; "
        "run this inside the repository, or `git init` one first"
    )
    assert caught.value.exit_code == 3


def test_a_bare_repository_is_no_working_tree(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "--bare")
    with pytest.raises(NotARepository):
        snapshot(tmp_path)


def test_a_missing_git_is_a_clear_message(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoGit) as caught:
        snapshot(repository)
    assert str(caught.value) == (
        "wanted the program git, got none on the PATH; install git, then run this again"
    )


def test_a_broken_repository_tells_gits_own_words(repository: Path) -> None:
    (repository / ".git/index").write_bytes(b"broken")
    with pytest.raises(GitFailed, match="`git ls-files` failed: .*index file") as caught:
        snapshot(repository)
    assert caught.value.exit_code == 3


def test_changed_paths_are_named(repository: Path) -> None:
    before = snapshot(repository)
    modified(repository)
    deleted(repository)
    assert changed_paths(before, snapshot(repository)) == ("a.py", "folder/b.py")


def test_a_file_that_was_changed_and_changed_back_is_named(repository: Path) -> None:
    before = snapshot(repository)
    text = (repository / "a.py").read_text()
    modified(repository)
    (repository / "a.py").write_text(text)
    after = snapshot(repository)
    assert after.id == before.id
    assert changed_paths(before, after) == ("a.py",)
