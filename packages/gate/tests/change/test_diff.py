"""The difference of two commits, file by file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tracemill_gate.change.diff import read_diff
from tracemill_gate.git import open_repository

History = Any  # defined in conftest.py; test files cannot import each other
Told = list[tuple[str, str, int]]
OTHER = "src/pkg/other.py"


def added_and_deleted(history: History) -> None:
    history.write("b", "1\n2\n3")
    (history.root / OTHER).unlink()


def emptied(history: History) -> None:
    history.write(OTHER, "")


def moved(history: History) -> None:
    history.git("mv", "src/pkg/a.py", "src/pkg/b.py")
    history.write("src/pkg/b.py", (history.root / "src/pkg/b.py").read_text() + "# more\n")


def empty_file_moved(history: History) -> None:
    history.write("old", "")
    history.commit()
    history.git("branch", "-f", "main")
    history.git("mv", "old", "new")


def executable(history: History) -> None:
    (history.root / OTHER).chmod(0o755)


def link(history: History) -> None:
    (history.root / "link").symlink_to("watched.txt")


def binary(history: History) -> None:
    history.write("image", b"\0\n\n\n")


def binary_after_text(history: History) -> None:
    history.write("watched.txt", b"\0\n\n\n")


def hidden(history: History) -> None:
    history.write(".gitattributes", "*.txt -diff\n")
    history.write("watched.txt", "as it was\nmore\n")


def shown_as_text(history: History) -> None:
    history.write(".gitattributes", "* diff\n")
    history.write("image", b"\0\n\n\n")


def strange_names(history: History) -> None:
    history.write(":a\t\n", "1\n")
    history.write("b\udcff", "1\n")


CASES: tuple[tuple[Callable[[History], None], Told], ...] = (
    (added_and_deleted, [("add", "b", 3), ("delete", OTHER, 2)]),
    (emptied, [("modify", OTHER, 2)]),
    (
        moved,
        [("delete -> src/pkg/b.py", "src/pkg/a.py", 0), ("add <- src/pkg/a.py", "src/pkg/b.py", 1)],
    ),
    (empty_file_moved, [("add", "new", 0), ("delete", "old", 0)]),
    (executable, [("modify", OTHER, 0)]),
    (link, [("add", "link", 1)]),
    (binary, [("add, binary", "image", 0)]),
    (binary_after_text, [("modify, binary", "watched.txt", 0)]),
    (hidden, [("add", ".gitattributes", 1), ("modify", "watched.txt", 3)]),
    (shown_as_text, [("add", ".gitattributes", 1), ("add", "image", 3)]),
    (strange_names, [("add", ":a\t\n", 1), ("add", "b\udcff", 1)]),
)


@pytest.mark.parametrize(("case", "told"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_what_happened_to_each_file(
    history: History, case: Callable[[History], None], told: Told
) -> None:
    case(history)
    history.git("config", "diff.renames", "copies")
    history.git("config", "diff.algorithm", "patience")
    head = history.commit()
    repository = open_repository(history.root)
    found = []
    for file in read_diff(repository, repository.commit("main"), head):
        way = {"add": "<-", "delete": "->"}.get(file.kind, "")
        where = f" {way} {file.moved}" if file.moved else ""
        binary = ", binary" if file.binary else ""
        found.append((f"{file.kind}{where}{binary}", file.path, file.lines))
    assert found == told


def test_sides_have_modes_and_contents(history: History) -> None:
    executable(history)
    head = history.commit()
    repository = open_repository(history.root)
    (file,) = read_diff(repository, repository.commit("main"), head)
    assert [side.mode for side in file.sides] == ["100644", "100755"]
    assert repository.blobs([file.sides[0].blob]) == {
        file.sides[1].blob: (history.root / OTHER).read_bytes()
    }
    assert not file.is_submodule
