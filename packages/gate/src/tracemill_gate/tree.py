"""The identity of the working tree: what ``git write-tree`` would say of the files as they are.

Tracked and untracked files count, ignored ones do not. The listing goes through an index and an
object folder of its own: the user's index, its locks and the object store stay as they are. The
index starts empty, so that neither its cached file times nor the flags ``assume-unchanged`` and
``skip-worktree`` can hide a change.

A repository inside this one (a submodule) counts by its commit, as in git; one with changes that
are in no commit cannot be judged.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import DirtyTree
from tracemill_gate.git import Repository, open_repository


@dataclass(frozen=True, kw_only=True)
class WorkingTree:
    """The state of a working tree.

    Attributes:
        root: Top folder of the working tree.
        id: Id of the git tree object, 40 or 64 hexadecimal digits.
        files: Path relative to ``root`` -> mode and blob id.
        times: Path of a file -> when its content and its entry last changed, in nanoseconds. A
            file that was changed and changed back is the same by its id, not by these.
    """

    root: Path
    id: str
    files: Mapping[str, str]
    times: Mapping[str, tuple[int, int]]


def snapshot(folder: Path) -> WorkingTree:
    """Return the state of the working tree that holds ``folder``.

    Raises:
        NoGit: git is not installed.
        NotARepository: the folder is in no working tree (or in a bare repository).
        GitFailed: git refused; the message has its words.
        DirtyTree: a repository inside this one has changes that are in no commit.
    """
    repository = open_repository(folder)
    root = repository.root
    objects = repository.text("rev-parse", "--path-format=absolute", "--git-path", "objects")
    paths = [path for path in repository.working_files() if _is_entry(root, path)]
    _refuse_dirty_inside(root, paths)
    times = _times(root, paths)
    with tempfile.TemporaryDirectory(prefix="tracemill-tree-") as scratch:
        (Path(scratch) / "objects").mkdir()
        own = {
            "GIT_INDEX_FILE": str(Path(scratch) / "index"),
            "GIT_OBJECT_DIRECTORY": str(Path(scratch) / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects,
        }
        flags = ("--add", "--remove", "--replace", "-z", "--stdin")
        repository.git("update-index", *flags, own=own, given=os.fsencode("\0".join(paths)))
        tree = repository.git("write-tree", own=own).decode().strip()
        staged = repository.git("ls-files", "-z", "--stage", own=own)
    return WorkingTree(root=root, id=tree, files=_files(staged), times=times)


def changed_paths(before: WorkingTree, after: WorkingTree) -> tuple[str, ...]:
    """Return the paths that are not the same in both states, or were not in between, sorted."""
    return tuple(sorted({path for path, _ in _entries(before) ^ _entries(after)}))


def _entries(tree: WorkingTree) -> Set[tuple[str, object]]:
    return {*tree.files.items(), *tree.times.items()}


def _times(root: Path, paths: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    found = {}
    for path in paths:
        with suppress(FileNotFoundError, NotADirectoryError):  # tracked, and gone
            told = (root / path).lstat()
            if not stat.S_ISDIR(told.st_mode):
                found[path] = (told.st_mtime_ns, told.st_ctime_ns)
    return found


def _refuse_dirty_inside(root: Path, paths: Sequence[str]) -> None:
    for path in paths:
        if (root / path).is_dir() and not (root / path).is_symlink():
            try:
                Repository(root=root / path).require_clean()
            except DirtyTree as error:
                raise DirtyTree(
                    f"{path}: a repository inside this one counts by its commit alone: {error}"
                ) from error


def _is_entry(root: Path, name: str) -> bool:
    """Tell whether a listed name still is an entry of the tree.

    A tracked file may have become a folder, or lie behind what has become a link; git lists its
    name all the same. A folder is an entry only as a repository of its own.
    """
    path = root / name
    behind = path.relative_to(root).parents
    if any((root / parent).is_symlink() for parent in behind):
        return False
    return path.is_symlink() or not path.is_dir() or (path / ".git").exists()


def _files(staged: bytes) -> Mapping[str, str]:
    files = {}
    for line in staged.split(b"\0"):
        if line:
            entry, _, path = line.partition(b"\t")
            mode, blob, _stage = entry.decode().split(" ")
            files[os.fsdecode(path)] = f"{mode} {blob}"
    return files
