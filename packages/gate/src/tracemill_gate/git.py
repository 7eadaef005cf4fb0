"""The one door to git: a repository, its commits, and what is said where git cannot answer.

Every call runs without the caller's ``GIT_*`` variables (a git hook sets them) and in the C locale.
What cannot be judged has its own error, each with its own remedy: no git, no repository, no commit
yet, an unknown revision, a shallow clone, uncommitted changes, no common ancestor.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import (
    DirtyTree,
    GitFailed,
    NoCommonAncestor,
    NoGit,
    NotARepository,
    ShallowClone,
    UnknownRevision,
)


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A git repository with a working tree.

    Attributes:
        root: Top folder of the working tree.
    """

    root: Path

    def git(self, *command: str, own: Mapping[str, str] | None = None, given: bytes = b"") -> bytes:
        """Run git in the top folder and return what it printed; raises like ``run``."""
        return run(self.root, *command, own=own, given=given)

    def text(self, *command: str) -> str:
        """Run git and return its output as text without the closing newline."""
        return os.fsdecode(self.git(*command)).removesuffix("\n")

    def lines(self, *command: str) -> tuple[str, ...]:
        """Run git with a command that ends each entry with NUL, and return the entries."""
        return tuple(os.fsdecode(part) for part in self.git(*command).split(b"\0") if part)

    @property
    def is_shallow(self) -> bool:
        """Tell whether history was cut off when this clone was made."""
        return self.text("rev-parse", "--is-shallow-repository") == "true"

    def commit(self, revision: str) -> str:
        """Return the full id of the commit that ``revision`` names.

        Raises:
            ShallowClone: it is unknown here, and the history of this clone is cut off.
            UnknownRevision: it is unknown here.
        """
        try:
            words = ("rev-parse", "--verify", "--quiet", "--end-of-options")
            return self.text(*words, f"{revision}^{{commit}}")
        except GitFailed as error:
            if self.is_shallow:
                raise ShallowClone(
                    f"{self.root}: wanted the commit {revision!r}, but this is a shallow clone; "
                    "fetch the whole history with: git fetch --unshallow"
                ) from error
            raise UnknownRevision(
                f"{self.root}: wanted a commit of this repository, got {revision!r}, which is "
                "none; fetch the branch that holds it, or name another revision"
            ) from error

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether the commit ``older`` is ``newer`` or lies in its history."""
        return self.merge_base_or_none(older, newer) == self.commit(older)

    def merge_base_or_none(self, one: str, other: str) -> str | None:
        """Return the best common ancestor of two commits, None if they have none."""
        try:
            return self.text("merge-base", one, other)
        except GitFailed:
            return None

    def merge_base(self, one: str, other: str) -> str:
        """Return the best common ancestor of two commits.

        Raises:
            ShallowClone: none is known here, and the history of this clone is cut off.
            NoCommonAncestor: the two histories never met.
        """
        found = self.merge_base_or_none(self.commit(one), self.commit(other))
        if found is not None:
            return found
        if self.is_shallow:
            raise ShallowClone(
                f"{self.root}: wanted the common ancestor of {one} and {other}, but this is a "
                "shallow clone; fetch the whole history with: git fetch --unshallow"
            )
        raise NoCommonAncestor(
            f"{self.root}: {one} and {other} have no common ancestor; name a base of this history"
        )

    def require_clean(self) -> None:
        """Refuse a working tree that differs from its commit, untracked files included.

        Raises:
            DirtyTree: naming the first three paths.
        """
        changed = self.lines("status", "--porcelain", "-z", "--no-renames")
        if changed:
            paths = ", ".join(entry[3:] for entry in changed[:3])
            more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
            raise DirtyTree(
                f"{self.root}: wanted a working tree without uncommitted changes, "
                f"got {paths}{more}; commit or stash them, then run this again"
            )

    def show(self, commit: str, path: str) -> bytes | None:
        """Return a file as it was in a commit, None if the commit has no such file."""
        listed = self.lines("ls-tree", "-z", commit, "--", path)
        kinds = [entry.split("\t")[0].split(" ")[1] for entry in listed]
        return self.git("cat-file", "blob", f"{commit}:{path}") if kinds == ["blob"] else None

    def paths(self, commit: str, folder: str = "") -> tuple[str, ...]:
        """Return the paths of all files of a commit, or of those under one folder, sorted."""
        below = ("--", folder) if folder else ()
        return self.lines("ls-tree", "-r", "-z", "--name-only", commit, *below)


def open_repository(folder: Path) -> Repository:
    """Return the repository whose working tree holds ``folder``.

    Raises:
        NoGit: git is not installed.
        NotARepository: the folder is in no working tree (or in a bare repository).
        GitFailed: git refused; the message has its words.
    """
    try:
        found = os.fsdecode(run(folder, "rev-parse", "--path-format=absolute", "--show-toplevel"))
    except GitFailed as error:
        if "safe.directory" in str(error):
            raise
        raise NotARepository(
            f"{folder.absolute()}: wanted a folder of a git working tree, got none; "
            "run this inside the repository, or `git init` one first"
        ) from error
    return Repository(root=Path(found.removesuffix("\n")))


def run(
    folder: Path, *command: str, own: Mapping[str, str] | None = None, given: bytes = b""
) -> bytes:
    """Run git in a folder and return what it printed.

    Args:
        folder: Where git runs.
        command: Words behind ``git``.
        own: Variables that are set for this call alone.
        given: What git reads from its standard input.

    Raises:
        NoGit: git is not installed.
        GitFailed: git refused; the message has its words.
    """
    # A git hook runs with GIT_DIR and GIT_INDEX_FILE set: they would point this at another index.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **(own or {})}
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
