"""The identity of the working tree: what ``git write-tree`` would say of the files as they are.

Tracked and untracked files count, ignored ones do not. The listing goes through an index and an
object folder of its own: the user's index, its locks and the object store stay as they are. The
index starts empty, so that neither its cached file times nor the flags ``assume-unchanged`` and
``skip-worktree`` can hide a change.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import GitFailed, NoGit, NotARepository


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
    root, objects = _places(folder)
    listed = _git(
        root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"
    )
    paths = b"\0".join(name for name in _names(listed) if _is_entry(root, name))
    with tempfile.TemporaryDirectory(prefix="tracemill-tree-") as scratch:
        (Path(scratch) / "objects").mkdir()
        own = {
            "GIT_INDEX_FILE": str(Path(scratch) / "index"),
            "GIT_OBJECT_DIRECTORY": str(Path(scratch) / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects),
        }
        flags = ("--add", "--remove", "--replace", "-z", "--stdin")
        _git(root, "update-index", *flags, own=own, given=paths)
        tree = _git(root, "write-tree", own=own).decode().strip()
        staged = _git(root, "ls-files", "-z", "--stage", own=own)
    return WorkingTree(root=root, id=tree, files=_files(staged))


def changed_paths(before: WorkingTree, after: WorkingTree) -> tuple[str, ...]:
    """Return the paths that are not the same in both states, sorted."""
    paths = before.files.keys() | after.files.keys()
    return tuple(sorted(p for p in paths if before.files.get(p) != after.files.get(p)))


def _places(folder: Path) -> tuple[Path, Path]:
    """Return the top folder of the working tree and the folder of its objects."""
    words = ("--path-format=absolute", "--show-toplevel", "--git-path", "objects")
    try:
        found = os.fsdecode(_git(folder, "rev-parse", *words))
    except GitFailed as error:
        if "safe.directory" in str(error):
            raise
        raise NotARepository(
            f"{folder.absolute()}: wanted a folder of a git working tree, got none; "
            "run this inside the repository, or `git init` one first"
        ) from error
    top, objects = found.removesuffix("\n").split("\n")
    return Path(top), Path(objects)


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


def _git(
    folder: Path, *command: str, own: Mapping[str, str] | None = None, given: bytes = b""
) -> bytes:
    # A git hook runs with GIT_DIR and GIT_INDEX_FILE set: they would point this at another index.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, "LC_ALL": "C", **(own or {})}
    call = ("git", "-C", str(folder), *command)
    try:
        done = subprocess.run(  # noqa: S603 - the program is git and no shell reads the words
            call, input=given, capture_output=True, env=environment, check=False
        )
    except FileNotFoundError as error:
        raise NoGit(
            "wanted the program git, got none on the PATH; install git, then run this again"
        ) from error
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip()
        raise GitFailed(f"{folder}: `git {command[0]}` failed: {words or done.returncode}")
    return done.stdout
