"""What cannot be judged: each has its own error, and none of them is ever green.

a submodule changed           its files are in another repository
a spec names what is not there
a rename                      unless both its halves, the deletion and the addition, are declared
a binary file                 unless it is declared; it then counts as a file without lines
binary contents in a file     whose name says that it is text, declared or not
a link in place of code       what it leads to may lie anywhere
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tracemill_gate.change.change import Change, covers, is_paperwork
from tracemill_gate.change.diff import LINK
from tracemill_gate.change.scope import PlannedChange
from tracemill_gate.change.source import is_python
from tracemill_gate.config import matches
from tracemill_gate.errors import (
    BinaryUndeclared,
    BrokenSource,
    NothingChanged,
    RenameUndeclared,
    SpecNamesNothing,
    SubmoduleChanged,
)
from tracemill_gate.git import listed, shown

TEXT = (
    *(".c", ".cfg", ".css", ".csv", ".h", ".html", ".ini", ".ipynb", ".js", ".json", ".jsonl"),
    *(".lock", ".md", ".py", ".pyi", ".pyw", ".rs", ".rst", ".sh", ".sql", ".svg", ".toml"),
    *(".ts", ".txt", ".xml", ".yaml", ".yml"),
)
"""Ends of names that promise text: one NUL byte must not take all its lines out of sight."""


def refuse_nothing(change: Change) -> None:
    """Refuse two commits that hold the same files.

    Raises:
        NothingChanged: always for such a change; nothing checked is never green.
    """
    if not change.files:
        raise NothingChanged(
            f"wanted a difference between {change.base[:12]} and HEAD, got none: both hold the "
            "same files; name an older commit with --base"
        )


def refuse_submodules(change: Change) -> None:
    """Refuse a change of what is in another repository.

    Raises:
        SubmoduleChanged: naming the submodules.
    """
    found = [file.path for file in change.files if file.is_submodule]
    if found:
        raise SubmoduleChanged(
            f"wanted files of this repository, got the submodule {listed(found)}: what changed "
            "there lies in another repository and cannot be judged here; judge it there"
        )


def refuse_missing_files(change: Change) -> None:
    """Refuse a spec that changes, deletes or watches files which the base does not have.

    Raises:
        SpecNamesNothing: with every such path and its spec.
    """
    added = [
        file.path
        for planned in change.specs
        for file in planned.spec.files_to_touch
        if file.kind == "add"
    ]
    wrong = []
    for planned in change.specs:
        for path, what in _must_exist(planned):
            is_there = any(covers(path, p) or matches(path, p) for p in change.paths)
            if not is_there and not any(covers(entry, path) for entry in added):
                wrong.append(f"{planned.path}: {what} {path}")
    if wrong:
        raise SpecNamesNothing(
            f"wanted files that the base {change.base[:12]} has, got none for:\n  "
            + "\n  ".join(wrong)
            + "\ncorrect the paths and have the spec approved again, or name another base"
        )


def _must_exist(planned: PlannedChange) -> Iterator[tuple[str, str]]:
    for file in planned.spec.files_to_touch:
        if file.kind != "add":
            yield file.path, file.kind
    for path in planned.spec.invalidation_watch:
        yield path, "watch"


def refuse_undeclared_renames(change: Change) -> None:
    """Refuse a file that moved without both halves of the way in files_to_touch.

    Raises:
        RenameUndeclared: with every such file, where it was and where it is.
    """
    kinds = {file.path: file for file in change.files}
    found = [
        f"{shown(file.moved)} -> {shown(file.path)}"
        for file in change.files
        if file.kind == "add"
        and file.moved is not None
        and not (change.is_allowed(file) and change.is_allowed(kinds[file.moved]))
    ]
    if found and change.specs:
        raise RenameUndeclared(
            "wanted both halves of a rename in files_to_touch (delete the old path, add the new "
            "one), got:\n  " + "\n  ".join(found) + "\ndeclare them, or leave the file where it was"
        )


def refuse_undeclared_binaries(change: Change) -> None:
    """Refuse a file without lines that no spec declares: its size cannot be judged.

    Raises:
        BinaryUndeclared: naming the files.
    """
    files = [file for file in change.files if file.binary and not is_paperwork(file.path)]
    found = [file.path for file in files if not change.is_allowed(file)]
    if found and change.specs:
        raise BinaryUndeclared(
            f"wanted text, or a binary file that files_to_touch declares, got {listed(found)}: "
            "it has no lines that could be judged; declare it, or leave it as it was"
        )


def refuse_hidden_text(change: Change) -> None:
    """Refuse binary contents under a name of text, which would count as no lines.

    Raises:
        BinaryUndeclared: naming the files.
    """
    found = [
        file.path
        for file in change.files
        if file.binary and file.new is not None and file.path.lower().endswith(TEXT)
    ]
    if found:
        raise BinaryUndeclared(
            f"wanted text, as the name says, got NUL bytes in {listed(found)}: it has no lines "
            "that could be judged; take them out, or name the file as what it is"
        )


def refuse_links_to_code(change: Change) -> None:
    """Refuse a link that Python may import: what it leads to is judged elsewhere, or nowhere.

    Raises:
        BrokenSource: naming the links.
    """
    found = [
        file.path
        for file in change.files
        if file.new is not None
        and file.new.mode == LINK
        and (is_python(file.path) or change.config.is_imported(file.path))
        and not change.is_test(file.path)
        and change.is_allowed(file)
    ]
    if found:
        raise BrokenSource(
            f"wanted files that Python can be read from, got the link {listed(found)}: what it "
            "leads to cannot be judged here; put the file itself in its place"
        )


OBSTACLES: tuple[Callable[[Change], None], ...] = (
    refuse_nothing,
    refuse_submodules,
    refuse_missing_files,
    refuse_undeclared_renames,
    refuse_undeclared_binaries,
    refuse_hidden_text,
    refuse_links_to_code,
)
"""In the order in which they are told."""
