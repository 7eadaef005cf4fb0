"""What cannot be judged: each has its own error and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

History = Any  # defined in conftest.py; test files cannot import each other
Case = Callable[[History], None]
PNG = b"\x89PNG\0" + bytes(range(256))
FILES = [
    {"path": "src/pkg/a.py", "kind": "modify"},
    {"path": "src/pkg/b.py", "kind": "add"},
    {"path": "tests/", "kind": "modify"},
]


def nothing_changed(history: History) -> None:
    history.work()
    history.commit()
    history.git("revert", "--no-edit", "HEAD")


def submodule(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "inner", "kind": "add"}])
    history.work()
    head = history.git("rev-parse", "HEAD")
    history.git("update-index", "--add", "--cacheinfo", f"160000,{head},inner")
    (history.root / "inner").mkdir()
    history.git("add", "--ignore-errors", ".", ":!inner")
    history.git("commit", "-q", "-m", "work")


def submodule_that_is_ignored(history: History) -> None:
    history.git("checkout", "-q", "main")
    history.write(".gitmodules", '[submodule "inner"]\n\tpath = inner\n\tignore = all\n')
    (history.root / "inner").mkdir()
    first, second = (history.git("rev-parse", name) for name in ("main^", "main"))
    history.git("add", ".gitmodules")
    history.git("update-index", "--add", "--cacheinfo", f"160000,{first},inner")
    history.git("commit", "-q", "-m", "a submodule")
    history.git("checkout", "-q", "-B", "work")
    history.git("update-index", "--cacheinfo", f"160000,{second},inner")
    history.git("commit", "-q", "-m", "another commit of it")


def files_that_are_not_there(history: History) -> None:
    history.spec(
        files_to_touch=[
            *FILES,
            {"path": "src/pkg/gone.py", "kind": "modify"},
            {"path": "old/", "kind": "delete"},
            {"path": "src/pkg/b.py", "kind": "modify"},
        ],
        invalidation_watch=["watch.txt", "src/pkg/o*.py"],
    )
    history.work()
    history.commit()


def renamed(history: History) -> None:
    history.work()
    history.git("mv", "src/pkg/other.py", "src/pkg/moved.py")
    history.commit()


def half_declared(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "src/", "kind": "add"}])
    renamed(history)


def binary(history: History) -> None:
    history.work()
    history.write("tests/image.png", PNG)
    history.commit()


def text_with_a_null(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "query.SQL", "kind": "add"}])
    history.work()
    history.write("query.SQL", b"-- \0\n" + b"select 1;\n" * 5000)
    history.commit()


def binary_paperwork(history: History) -> None:
    history.spec(status="approved")
    history.write("specs/experiment/card.toml", b"\0" * 300)
    history.commit()


def link_for_code(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "src/", "kind": "add"}])
    history.work()
    (history.root / "src/pkg/a.py").unlink()
    (history.root / "src/pkg/a.py").symlink_to("../../tests/test_a.py")
    (history.root / "src/more").symlink_to("../tests")
    history.commit()


CASES: tuple[tuple[Case, str], ...] = (
    (
        nothing_changed,
        (
            "NothingChanged: wanted a difference between ID and HEAD, got none: both hold the same "
            "files; name an older commit with --base"
        ),
    ),
    (
        submodule,
        (
            "SubmoduleChanged: wanted files of this repository, got the submodule inner: what "
            "changed there lies in another repository and cannot be judged here; judge it there"
        ),
    ),
    (
        submodule_that_is_ignored,
        (
            "SubmoduleChanged: wanted files of this repository, got the submodule inner: what "
            "changed there lies in another repository and cannot be judged here; judge it there"
        ),
    ),
    (
        files_that_are_not_there,
        (
            "SpecNamesNothing: wanted files that the base ID has, got none for:\n"
            "  specs/0001-plan.md: modify src/pkg/gone.py\n"
            "  specs/0001-plan.md: delete old/\n"
            "  specs/0001-plan.md: watch watch.txt\n"
            "correct the paths and have the spec approved again, or name another base"
        ),
    ),
    (
        renamed,
        (
            "RenameUndeclared: wanted both halves of a rename in files_to_touch (delete the old "
            "path, add the new one), got:\n  src/pkg/other.py -> src/pkg/moved.py\n"
            "declare them, or leave the file where it was"
        ),
    ),
    (
        half_declared,
        (
            "RenameUndeclared: wanted both halves of a rename in files_to_touch (delete the old "
            "path, add the new one), got:\n  src/pkg/other.py -> src/pkg/moved.py\n"
            "declare them, or leave the file where it was"
        ),
    ),
    (
        text_with_a_null,
        (
            "BinaryUndeclared: wanted text, as the name says, got NUL bytes in query.SQL: it has "
            "no lines that could be judged; take them out, or name the file as what it is"
        ),
    ),
    (
        binary_paperwork,
        (
            "BinaryUndeclared: wanted text, as the name says, got NUL bytes in "
            "specs/experiment/card.toml: it has no lines that could be judged; take them out, or "
            "name the file as what it is"
        ),
    ),
    (
        link_for_code,
        (
            "BrokenSource: wanted files that Python can be read from, got the link src/more, "
            "src/pkg/a.py: what it leads to cannot be judged here; put the file itself in its "
            "place"
        ),
    ),
    (
        binary,
        (
            "BinaryUndeclared: wanted text, or a binary file that files_to_touch declares, got "
            "tests/image.png: it has no lines that could be judged; declare it, or leave it as "
            "it was"
        ),
    ),
)


@pytest.mark.parametrize(("case", "words"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_what_cannot_be_judged(history: History, case: Case, words: str) -> None:
    case(history)
    assert history.verdict() == [words]
