"""The scratch worktrees of a proof: made, put back after each run, and always removed.

Each is a detached worktree of git below one temporary folder. No hook of the repository runs in
making it, and no registration of it stays behind.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import GitFailed
from tracemill_gate.git import Repository
from tracemill_gate.proof.frozen import FrozenFiles

_CONFIG = {
    "core.hooksPath": os.devnull,
    "commit.gpgSign": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
_NO_HOOKS = {
    "GIT_CONFIG_COUNT": str(len(_CONFIG)),
    **{f"GIT_CONFIG_KEY_{i}": key for i, key in enumerate(_CONFIG)},
    **{f"GIT_CONFIG_VALUE_{i}": value for i, value in enumerate(_CONFIG.values())},
}
_ALWAYS_THE_SAME = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "tracemill"),
        ("EMAIL", "tracemill@localhost"),
        ("DATE", "2000-01-01T00:00:00Z"),
    )
}
"""Who commits what stands in a tree, and when: the commit of one proof is that of the next."""


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A worktree at one commit.

    Attributes:
        top: Its top folder, without links in the path.
        commit: Id of the commit.
    """

    top: Path
    commit: str

    def reset(self) -> None:
        """Put every file back as the index has it, and remove what was added."""
        repository = Repository(root=self.top)
        repository.git("checkout-index", "--force", "--all", "--index")
        repository.git("clean", "-ffdxq")

    def freeze(self, files: FrozenFiles, commit: str, present: Sequence[str]) -> None:
        """Take the frozen files from another commit; those that it does not have go.

        Args:
            files: What is frozen.
            commit: Where they are taken from.
            present: All files of this tree and of that commit.
        """
        paths = [path for path in dict.fromkeys(present) if path in files]
        if paths:
            source = ("--staged", "--worktree", f"--source={commit}")
            self._git_on(paths, "restore", *source)

    def settle(self, added: Sequence[Path]) -> None:
        """Commit what stands in the tree, so that git tells a test of no change at either side.

        Args:
            added: Files beside those of git, whole paths.
        """
        if added:
            self._git_on([str(file.relative_to(self.top)) for file in added], "add", "--force")
        words = ("commit", "--quiet", "--allow-empty", "--no-verify", "--message=on trial")
        Repository(root=self.top).git(*words, own={**_NO_HOOKS, **_ALWAYS_THE_SAME})

    def _git_on(self, paths: Sequence[str], *words: str) -> None:
        given = b"\0".join(os.fsencode(f":(top,literal){path}") for path in paths)
        taken = ("--pathspec-from-file=-", "--pathspec-file-nul")
        Repository(root=self.top).git(*words, *taken, own=_NO_HOOKS, given=given)


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a temporary folder with a short name: tests may put sockets below it."""
    with tempfile.TemporaryDirectory(prefix="tmproof-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


@contextmanager
def worktrees(repository: Repository, places: Sequence[tuple[Path, str]]) -> Iterator[list[Tree]]:
    """Yield a worktree at each place, and remove all, also after an error or an interrupt.

    One after the other: git does not make two worktrees of one repository at the same time.

    Args:
        repository: The repository.
        places: Folder that is not there yet, and commit.

    Raises:
        GitFailed: git refused; nothing is left behind.
    """
    trees = [Tree(top=top, commit=commit) for top, commit in places]
    try:
        for tree in trees:
            _add(repository, tree)
        yield trees
    finally:
        for tree in trees:
            _remove(repository, tree)


def _add(repository: Repository, tree: Tree) -> None:
    words = ("--detach", "--quiet", "--force", str(tree.top), tree.commit)
    repository.git("worktree", "add", *words, own=_NO_HOOKS)


def _remove(repository: Repository, tree: Tree) -> None:
    try:
        repository.git("worktree", "remove", "--force", "--force", str(tree.top))
    except GitFailed:  # it was never made, or its .git is gone: drop what is left of it
        shutil.rmtree(tree.top, ignore_errors=True)
        repository.git("worktree", "prune")
