"""The difference between two commits, file by file, as ``git diff-tree`` tells it.

The trees of the two commits are compared: what happened in between (merges, squashes, reverts)
leaves no trace. A file that git takes for moved is told as two files, one deleted and one added,
each with the path of the other; its lines are those that changed on the way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tracemill_gate.change.size import differing, is_binary, lines
from tracemill_gate.git import Repository

Kind = Literal["add", "modify", "delete"]

LINK = "120000"
SUBMODULE = "160000"
REGULAR = ("100644", "100755")
NO_MODE = "000000"

# Neither settings of the caller nor those of the repository may change what is seen: an
# ``ignore = all`` of .gitmodules, renames of empty files, another algorithm.
_FLAGS = (
    *("-r", "-z", "--find-renames=50%", "--no-rename-empty", "--ignore-submodules=none"),
    *("--no-ext-diff", "--no-textconv", "--diff-algorithm=myers", "--no-abbrev"),
)
_KINDS: Mapping[str, Kind] = {"A": "add", "D": "delete", "M": "modify", "T": "modify"}


@dataclass(frozen=True, kw_only=True)
class Side:
    """A file in one of the two commits.

    Attributes:
        mode: Mode in git, six octal digits: regular, executable, link or submodule.
        blob: Id of its contents; of a commit for a submodule.
    """

    mode: str
    blob: str


@dataclass(frozen=True, kw_only=True)
class FileDiff:
    """A file that is not the same in both commits.

    Attributes:
        path: Relative to the top folder; bytes that are no UTF-8 stand as ``os.fsdecode`` has them.
        kind: What happened to it.
        old: The file at the base, None if it was added.
        new: The file at HEAD, None if it was deleted.
        moved: The path at the other end if git takes it for moved, else None.
        lines: Lines added plus lines removed (``size``), 0 for a binary file.
        binary: Its contents at HEAD, or at the base if it was deleted, have no lines.
    """

    path: str
    kind: Kind
    old: Side | None
    new: Side | None
    moved: str | None = None
    lines: int = 0
    binary: bool = False

    @property
    def sides(self) -> tuple[Side, ...]:
        """The file as it was and as it is, as far as it was and is there."""
        return tuple(side for side in (self.old, self.new) if side is not None)

    @property
    def is_submodule(self) -> bool:
        """Tell whether it is or was a link to another repository."""
        return any(side.mode == SUBMODULE for side in self.sides)


def read_diff(repository: Repository, base: str, head: str) -> tuple[FileDiff, ...]:
    """Return every file that differs between two commits, sorted by path.

    Raises:
        GitFailed: git refused, or contents are not here.
    """
    # First an entry for each file, then one for the lines of each.
    words = deque(repository.lines("diff-tree", "--raw", "--numstat", *_FLAGS, base, head))
    found, counted = list(_files(words)), _lines(words)
    files = [file for file in found if not file.is_submodule]
    blobs = repository.blobs([side.blob for file in files for side in file.sides])
    sides = {file.path: file for file in found}
    measured = {}
    for file in files:
        before = sides[file.moved].old if file.moved and file.new else file.old
        old, new = (None if side is None else blobs[side.blob] for side in (before, file.new))
        measured[file.path] = _measured(file, counted.get(file.path), old, new)
    return tuple(sorted((measured.get(f.path, f) for f in found), key=lambda file: file.path))


def _files(words: deque[str]) -> Iterator[FileDiff]:
    while words and words[0].startswith(":"):
        old_mode, new_mode, old_blob, new_blob, status = words.popleft()[1:].split(" ")
        old = None if old_mode == NO_MODE else Side(mode=old_mode, blob=old_blob)
        new = None if new_mode == NO_MODE else Side(mode=new_mode, blob=new_blob)
        path = words.popleft()
        if status.startswith("R"):
            after = words.popleft()
            yield FileDiff(path=path, kind="delete", old=old, new=None, moved=after)
            yield FileDiff(path=after, kind="add", old=None, new=new, moved=path)
        else:
            yield FileDiff(path=path, kind=_KINDS[status], old=old, new=new)


def _lines(words: deque[str]) -> dict[str, int]:
    """Return path -> changed lines of all files in which git counts lines."""
    found: dict[str, int] = {}
    while words:
        added, removed, path = words.popleft().split("\t", 2)
        # A moved file is an entry without a path, followed by its two paths.
        paths = (path,) if path else (words.popleft(), words.popleft())
        if added != "-":
            found |= dict.fromkeys(paths, 0)
            found[paths[-1]] = int(added) + int(removed)
    return found


def _measured(
    file: FileDiff, counted: int | None, old: bytes | None, new: bytes | None
) -> FileDiff:
    """Return a file with its size.

    Args:
        file: The file.
        counted: The lines that git counts, None where it counts none: in a binary file, and in
            text that an attribute hides. ``*.py -diff`` in .gitattributes must not make a change
            small: all lines of such a file count.
        old: Its contents before, under whichever path; None if there were none.
        new: Its contents at HEAD, None if it was deleted.
    """
    if counted is None:
        told = (old or b"") if new is None else new
        if is_binary(told):
            return replace(file, binary=True)
        return replace(file, lines=sum(len(lines(content)) for content in (old, new) if content))
    if file.moved and new is None:
        return file  # what changed on the way is told of the other end
    return replace(file, lines=max(counted, differing(old or b"", new or b"")))
