"""The identity of the working tree: what ``git write-tree`` would say of the files as they are.

Tracked and untracked files count, ignored ones do not. The listing goes through an index and an
object folder of its own: the user's index, its locks and the object store stay as they are. The
index starts empty, so that neither its cached file times nor the flags ``assume-unchanged`` and
``skip-worktree`` can hide a change.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.git import open_repository


@dataclass(frozen=True, kw_only=True)
class WorkingTree:
    """The state of a working tree.

    Attributes:
        root: Top folder of the working tree.
        id: Id of the git tree object, 40 or 64 hexadecimal digits.
        files: Path relative to ``root`` -> mode and blob id.
    """

    root: Path
    id: str
    files: Mapping[str, str]


def snapshot(folder: Path) -> WorkingTree:
    """Return the state of the working tree that holds ``folder``.

    Raises:
        NoGit: git is not installed.
        NotARepository: the folder is in no working tree (or in a bare repository).
        GitFailed: git refused; the message has its words.
    """
    repository = open_repository(folder)
    root = repository.root
    objects = repository.text("rev-parse", "--path-format=absolute", "--git-path", "objects")
    listed = repository.git(
        "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"
    )
    paths = b"\0".join(name for name in _names(listed) if _is_entry(root, name))
    with tempfile.TemporaryDirectory(prefix="tracemill-tree-") as scratch:
        (Path(scratch) / "objects").mkdir()
        own = {
            "GIT_INDEX_FILE": str(Path(scratch) / "index"),
            "GIT_OBJECT_DIRECTORY": str(Path(scratch) / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects,
        }
        flags = ("--add", "--remove", "--replace", "-z", "--stdin")
        repository.git("update-index", *flags, own=own, given=paths)
        tree = repository.git("write-tree", own=own).decode().strip()
        staged = repository.git("ls-files", "-z", "--stage", own=own)
    return WorkingTree(root=root, id=tree, files=_files(staged))


def changed_paths(before: WorkingTree, after: WorkingTree) -> tuple[str, ...]:
    """Return the paths that are not the same in both states, sorted."""
    paths = before.files.keys() | after.files.keys()
    return tuple(sorted(p for p in paths if before.files.get(p) != after.files.get(p)))


def _names(listed: bytes) -> tuple[bytes, ...]:
    # An untracked repository inside this one is listed with a slash at its end.
    return tuple(name.rstrip(b"/") for name in listed.split(b"\0") if name)


def _is_entry(root: Path, name: bytes) -> bool:
    """Tell whether a listed name still is an entry of the tree.

    A tracked file may have become a folder, or lie behind what has become a link; git lists its
    name all the same. A folder is an entry only as a repository of its own.
    """
    path = root / os.fsdecode(name)
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
