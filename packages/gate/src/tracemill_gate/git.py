"""The one door to git: a repository, its commits, and what is said where git cannot answer.

Every call runs without the caller's ``GIT_*`` variables (a git hook sets them), in the C locale,
and looks at the commits as they are: not at what ``git replace`` or grafts put in their place.
What cannot be judged has its own error, each with its own remedy: no git, no repository, no commit
yet, an unknown revision, a shallow clone, uncommitted changes, no common ancestor or several.
"""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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

_PLAIN = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
_TRUE = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": ""}


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

    def working_files(self) -> tuple[str, ...]:
        """Return the paths of all files that count: tracked and untracked ones, not ignored ones.

        A tracked file is named also where it is gone; a repository inside without a slash.
        """
        words = ("--cached", "--others", "--exclude-standard", "--deduplicate")
        # An untracked repository inside this one is listed with a slash at its end.
        return tuple(path.rstrip("/") for path in self.lines("ls-files", "-z", *words))

    @property
    def branch(self) -> str | None:
        """The branch that HEAD is on, None if HEAD is detached."""
        try:
            return self.text("symbolic-ref", "--quiet", "--short", "HEAD")
        except GitFailed:
            return None

    @property
    def is_shallow(self) -> bool:
        """Tell whether history was cut off when this clone was made."""
        return self.text("rev-parse", "--is-shallow-repository") == "true"

    def commit(self, revision: str) -> str:
        """Return the full id of the commit that ``revision`` names.

        Raises:
            NoCommitYet: HEAD is meant, and nothing was committed yet.
            ShallowClone: it is unknown here, and the history of this clone is cut off.
            UnknownRevision: it is unknown here.
        """
        try:
            words = ("rev-parse", "--verify", "--quiet", "--end-of-options")
            return self.text(*words, f"{revision}^{{commit}}")
        except GitFailed as error:
            if revision == "HEAD" and self.branch is not None:
                raise NoCommitYet(
                    f"{self.root}: wanted a commit, but the branch {shown(self.branch)} has none "
                    "yet; commit first"
                ) from error
            if self.is_shallow:
                raise ShallowClone(
                    f"{self.root}: wanted the commit {revision!r}, but this is a shallow clone; "
                    "fetch the whole history with: git fetch --unshallow"
                ) from error
            raise UnknownRevision(
                f"{self.root}: wanted a commit of this repository, got {revision!r}, which is "
                "none; fetch the branch that holds it, or name another revision"
            ) from error

    def branch_commit(self, *names: str) -> str | None:
        """Return the id of the last commit of the first branch that is here, None if none is.

        Args:
            names: Whole names: ``main``, or ``origin/main`` for one of a remote, which is looked
                for before a branch of here. Tags and expressions (``main~1``) name no branches.
        """
        wanted = [f"refs/{kind}/{name}" for name in names for kind in ("remotes", "heads")]
        told = self.text("for-each-ref", "--format=%(refname) %(objectname)", "--", *wanted)
        found = dict(line.split(" ") for line in told.split("\n") if line)
        return next((found[name] for name in wanted if name in found), None)

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether the commit ``older`` is ``newer`` or lies in its history."""
        return self._best_ancestors(older, newer) == (self.commit(older),)

    def merge_base(self, one: str, other: str) -> str:
        """Return the best common ancestor of two commits.

        Raises:
            UnknownRevision: one of them is unknown here.
            ShallowClone: one or their ancestor is, and the history of this clone is cut off.
            NoCommonAncestor: the two histories never met.
            ManyAncestors: each was merged into the other: no ancestor is the best one.
        """
        found = self._best_ancestors(one, other)
        if len(found) > 1:
            raise ManyAncestors(
                f"{self.root}: {one} and {other} have {len(found)} best common ancestors "
                f"({', '.join(found)}), for each was merged into the other; "
                "name the one that is meant with --base"
            )
        if found:
            return found[0]
        if self.is_shallow:
            raise ShallowClone(
                f"{self.root}: wanted the common ancestor of {one} and {other}, but this is a "
                "shallow clone; fetch the whole history with: git fetch --unshallow"
            )
        raise NoCommonAncestor(
            f"{self.root}: {one} and {other} have no common ancestor; name a base of this history"
        )

    def _best_ancestors(self, one: str, other: str) -> tuple[str, ...]:
        try:
            found = self.text("merge-base", "--all", "--end-of-options", one, other)
        except GitFailed:
            self.commit(one)  # one that is unknown has its own error
            self.commit(other)
            return ()
        return tuple(found.split("\n"))

    def require_whole(self) -> None:
        """Refuse a clone whose history was cut off.

        Raises:
            ShallowClone: always for such a clone, whatever of the history is wanted.
        """
        if self.is_shallow:
            raise ShallowClone(
                f"{self.root}: wanted the whole history, but this is a shallow clone; "
                "fetch it with: git fetch --unshallow"
            )

    def require_clean(self) -> None:
        """Refuse a working tree that differs from its commit, untracked files included.

        Raises:
            DirtyTree: naming the first three paths that differ, or that git was told not to
                look at (``assume-unchanged``, ``skip-worktree``).
        """
        flags = ("--no-renames", "--untracked-files=normal", "--ignore-submodules=none")
        changed = self.lines("status", "--porcelain", "-z", *flags)
        if changed:
            raise DirtyTree(
                f"{self.root}: wanted a working tree without uncommitted changes, got "
                f"{listed([entry[3:] for entry in changed])}; commit or stash them, then run "
                "this again"
            )
        tagged = self.lines("ls-files", "-v", "-z")
        hidden = [entry[2:] for entry in tagged if entry[0].islower() or entry[0] == "S"]
        if hidden:
            raise DirtyTree(
                f"{self.root}: wanted a working tree that git looks at whole, got "
                f"{listed(hidden)} marked assume-unchanged or skip-worktree; clear the marks with: "
                "git update-index --no-assume-unchanged --no-skip-worktree PATH"
            )

    def blobs(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """Return the contents of files by the ids of their blobs, in one call of git.

        Raises:
            GitFailed: one of them is not here, as in a partial clone without its server.
        """
        wanted = tuple(dict.fromkeys(ids))
        if not wanted:
            return {}
        answer = self.git("cat-file", "--batch", given="".join(f"{i}\n" for i in wanted).encode())
        found, start = {}, 0
        for blob in wanted:
            end = answer.index(b"\n", start)
            words = answer[start:end].split(b" ")
            if len(words) != 3:
                raise GitFailed(f"{self.root}: wanted the contents of {blob}, which is not here")
            start = end + 1 + int(words[2]) + 1
            found[blob] = answer[end + 1 : start - 1]
        return found

    def day(self, head: str, since: str) -> datetime.date:
        """Return the latest date (committer's, UTC) of the commits from ``since`` to ``head``.

        Raises:
            StrangeDate: it lies outside the calendar (years 1 to 9999).
        """
        made = self.text("rev-list", "--timestamp", head, f"^{since}^@").split("\n")
        seconds = max(int(line.split(" ")[0]) for line in made)
        try:
            return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()
        except (ValueError, OverflowError, OSError) as error:
            raise StrangeDate(
                f"{self.root}: wanted commits made on a day of the calendar, got one of second "
                f"{seconds} since 1970 between {since[:12]} and {head[:12]}; commit it anew"
            ) from error

    def show(self, commit: str, path: str) -> bytes | None:
        """Return a file as it was in a commit, None if the commit has no such file."""
        try:
            return self.git("cat-file", "blob", f"{commit}:{path}")
        except GitFailed:
            listed = self.lines("ls-tree", "-z", commit, "--", path)
            if [entry.split("\t")[0].split(" ")[1] for entry in listed] == ["blob"]:
                raise  # it is there, and git cannot give it
            return None

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
    environment = {**kept, **_PLAIN, **_TRUE, **(own or {})}
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


def shown(path: str) -> str:
    """Return a path as people can read it: what is no printable text (other bytes) is escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in path)


def listed(paths: Sequence[str]) -> str:
    """Return the first three of some paths, and how many more there are."""
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(shown(path) for path in paths[:3]) + more
