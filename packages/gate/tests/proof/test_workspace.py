"""Worktrees are made without hooks, put back, and always removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import GitFailed
from tracemill_gate.git import open_repository
from tracemill_gate.proof.frozen import FrozenFiles
from tracemill_gate.proof.workspace import scratch, worktrees

Git = Callable[..., str]


def registered(git: Git, repository: Path) -> list[str]:
    return git(repository, "worktree", "list").splitlines()[1:]


def test_a_tree_is_put_back_and_removed(repository: Path, git: Git) -> None:
    found = open_repository(repository)
    with scratch() as folder, worktrees(found, [(folder / "t", "HEAD")]) as (tree,):
        assert len(registered(git, repository)) == 1
        (tree.top / "a.py").write_text("a = 2\n")
        (tree.top / "folder/b.py").unlink()
        (tree.top / "new.log").touch()
        (tree.top / "inner/.git").mkdir(parents=True)
        tree.reset()
        assert (tree.top / "a.py").read_text() == "a = 1\n"
        assert (tree.top / "folder/b.py").is_file()
        assert not (tree.top / "new.log").exists()
        assert not (tree.top / "inner").exists()
    assert not folder.exists()
    assert not registered(git, repository)


def test_no_hook_of_the_repository_runs(repository: Path, git: Git, tmp_path: Path) -> None:
    hook = repository / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    hook.chmod(0o755)
    with worktrees(open_repository(repository), [(tmp_path / "t", "HEAD")]):
        pass
    assert not (tmp_path / "ran").exists()


SLOW_GIT = """#!/bin/sh
case "$*" in
*worktree*)
    mkdir {mark} || touch {mark}.overlap
    sleep 0.05
    {git} "$@"
    code=$?
    rmdir {mark}
    exit $code ;;
esac
exec {git} "$@"
"""


def test_worktrees_are_made_and_removed_one_after_the_other(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "busy"
    program = tmp_path / "bin/git"
    program.parent.mkdir()
    program.write_text(SLOW_GIT.format(mark=mark, git=shutil.which("git")))
    program.chmod(0o755)
    found = open_repository(repository)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    with worktrees(found, [(tmp_path / f"{i}/tree", "HEAD") for i in range(3)]) as trees:
        assert [tree.top.is_dir() for tree in trees] == [True] * 3
    assert not mark.with_suffix(".overlap").exists()
    assert not any(tree.top.exists() for tree in trees)


def test_git_sees_no_change_in_a_settled_tree(repository: Path, git: Git, tmp_path: Path) -> None:
    (repository / "tests").mkdir()
    (repository / "tests/a.py").write_text("1")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "head")
    git(repository, "config", "commit.gpgSign", "true")
    found = open_repository(repository)
    ids = []
    for folder in ("t", "u"):
        with worktrees(found, [(tmp_path / folder, "HEAD^")]) as (tree,):
            tree.freeze(
                FrozenFiles(roots=("tests",), files=()), found.commit("HEAD"), found.paths("HEAD")
            )
            (tree.top / "copy.ini").touch()
            tree.settle([tree.top / "copy.ini"])
            (tree.top / "a.py").write_text("other")
            tree.reset()
            assert not git(tree.top, "status", "--porcelain")
            assert git(tree.top, "ls-files", "tests", "copy.ini") == "copy.ini\ntests/a.py"
            ids.append(git(tree.top, "rev-parse", "HEAD"))
    assert ids[0] == ids[1]


def test_frozen_files_come_from_head(repository: Path, git: Git, tmp_path: Path) -> None:
    for name, text in (("tests/old.py", "1"), ("tests/[x].py", "1"), ("src.py", "1")):
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text(text)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "base")
    git(repository, "mv", "tests/old.py", "tests/new.py")
    (repository / "tests/[x].py").write_text("2")
    (repository / "src.py").write_text("2")
    git(repository, "commit", "-q", "-a", "-m", "head")
    found = open_repository(repository)
    present = (*found.paths("HEAD^"), *found.paths("HEAD"))
    with worktrees(found, [(tmp_path / "t", "HEAD^")]) as (tree,):
        tree.freeze(FrozenFiles(roots=("tests",), files=()), found.commit("HEAD"), present)
        tree.reset()
        assert sorted(path.name for path in (tree.top / "tests").iterdir()) == ["[x].py", "new.py"]
        assert (tree.top / "tests/[x].py").read_text() == "2"
        assert (tree.top / "src.py").read_text() == "1"


@pytest.mark.parametrize("how", [KeyboardInterrupt, RuntimeError])
def test_nothing_stays_after_an_interrupt(
    repository: Path, git: Git, tmp_path: Path, how: type[BaseException]
) -> None:
    with (
        pytest.raises(how),
        worktrees(open_repository(repository), [(tmp_path / "t", "HEAD")]) as (tree,),
    ):
        raise how
    assert not registered(git, repository)
    assert not tree.top.exists()


def test_nothing_stays_if_one_tree_cannot_be_made(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    places = [(tmp_path / "t", "HEAD"), (tmp_path / "u", "0" * 40)]
    with pytest.raises(GitFailed), worktrees(open_repository(repository), places):
        pass
    assert not registered(git, repository)
    assert not (tmp_path / "t").exists()


def test_a_tree_without_its_git_file_is_removed_too(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    with worktrees(open_repository(repository), [(tmp_path / "t", "HEAD")]) as (tree,):
        (tree.top / ".git").unlink()
    assert not registered(git, repository)
    assert not tree.top.exists()
