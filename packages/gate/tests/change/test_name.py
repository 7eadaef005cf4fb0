"""Which names are new, and whether the change is where it was to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

History = Any  # defined in conftest.py; test files cannot import each other
Case = Callable[[History], None]
SPEC = "specs/0001-plan.md"
FILES = [
    {"path": "src/pkg/a.py", "kind": "modify"},
    {"path": "src/pkg/b.py", "kind": "add"},
    {"path": "tests/", "kind": "modify"},
]
UNDECLARED = "wanted only new names that a spec declares, got"
OR = "(or new:*), or begin the names with an underscore"
POINT = f"{SPEC}: wanted the touch point"
WITHOUT = "declare it without new:"
BROKEN = "(the file could not be parsed at the base)"
OTHER_MEANS = """
made = lambda: 1
area.more = made


def __getattr__(name):
    return print
"""


def done(history: History) -> None:
    history.work()
    history.commit()


def new_names(history: History) -> None:
    text = "def volume(a):\n    return a**3\n\n\nclass Cube:\n    def side(self):\n        pass\n"
    history.work()
    history.write("src/pkg/b.py", text + "\n\ndef edge():\n    pass\n")
    history.commit()


def new_method(history: History) -> None:
    history.spec(
        touch_points=[
            {"path": "src/pkg/a.py", "name": "area"},
            {"path": "src/pkg/b.py", "name": "new:Cube.side"},
        ]
    )
    history.work()
    history.write("src/pkg/b.py", "class Cube:\n    def side(self):\n        pass\n")
    history.commit()


def touch_points_untouched(history: History) -> None:
    points = [
        {"path": "src/pkg/a.py", "name": "keep"},
        {"path": "src/pkg/a.py", "name": "nowhere"},
        {"path": "src/pkg/a.py", "name": "new:area"},
        {"path": "src/pkg/b.py", "name": "volume"},
        {"path": "src/pkg/b.py", "name": "new:missing"},
        {"path": "src/pkg/b.py", "name": "new:*"},
        {"path": "src/pkg/other.py", "name": "other"},
    ]
    history.spec(touch_points=points)
    done(history)


def names_by_other_means(history: History) -> None:
    history.work()
    history.write("src/pkg/a.py", (history.root / "src/pkg/a.py").read_text() + OTHER_MEANS)
    history.commit()


def code_in_a_folder_called_tests(history: History) -> None:
    files = [*FILES, {"path": "src/pkg/tests/", "kind": "add"}]
    history.spec(files_to_touch=files)
    history.work()
    history.write("src/pkg/tests/c.py", "def hidden_here():\n    pass\n")
    history.commit()


def declared_where_it_was_imported(history: History) -> None:
    history.git("checkout", "-q", "main")
    history.write("src/pkg/a.py", "from pkg.other import other\n\n\ndef area(r):\n    pass\n")
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    points = [{"path": "src/pkg/a.py", "name": "new:other"}]
    history.spec(touch_points=[*points, {"path": "src/pkg/b.py", "name": "new:*"}])
    history.work()
    text = "def other():\n    return 3\n\n\ndef area(r):\n    pass\n"
    history.write("src/pkg/a.py", text)
    history.commit()


def unreadable_before(history: History) -> None:
    history.git("checkout", "-q", "main")
    history.write("src/pkg/a.py", "def (:\n")
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    done(history)


def names_of_other_languages(history: History) -> None:
    history.git("checkout", "-q", "main")
    history.write("old.sh", "gone() { :; }\n")
    history.commit()
    history.git("checkout", "-q", "-B", "work")
    history.spec(
        files_to_touch=[
            *FILES,
            {"path": "run.sh", "kind": "add"},
            {"path": "old.sh", "kind": "delete"},
        ],
        touch_points=[
            {"path": "src/pkg/", "name": "area"},
            {"path": "src/pkg/", "name": "new:volume"},
            {"path": "run.sh", "name": "new:start"},
            {"path": "old.sh", "name": "gone"},
            {"path": "old.sh", "name": "new:gone"},
        ],
    )
    history.work()
    history.write("run.sh", "start() { :; }\n")
    (history.root / "old.sh").unlink()
    history.commit()


CASES: tuple[tuple[Case, list[str]], ...] = (
    (
        new_names,
        [
            (
                f"src/pkg/b.py: {UNDECLARED} Cube, edge; declare the touch points new:Cube, "
                f"new:edge {OR}"
            )
        ],
    ),
    (new_method, [f"src/pkg/b.py: {UNDECLARED} Cube; declare the touch points new:Cube {OR}"]),
    (
        touch_points_untouched,
        [
            f"{POINT} keep of src/pkg/a.py changed, got it as it was",
            f"{POINT} nowhere of src/pkg/a.py changed, got none",
            f"{POINT} new:area of src/pkg/a.py added, got it at the base already; {WITHOUT}",
            f"{POINT} volume of src/pkg/b.py changed, got a new one; declare it with new:",
            f"{POINT} new:missing of src/pkg/b.py added, got no such name at HEAD",
            f"{POINT} other of src/pkg/other.py changed, got no change of that path",
        ],
    ),
    (
        names_by_other_means,
        [
            (
                f"src/pkg/a.py: {UNDECLARED} made, area.more, __getattr__; declare the touch "
                f"points new:made, new:area.more, new:__getattr__ {OR}"
            )
        ],
    ),
    (
        code_in_a_folder_called_tests,
        [
            (
                f"src/pkg/tests/c.py: {UNDECLARED} hidden_here; declare the touch points "
                f"new:hidden_here {OR}"
            )
        ],
    ),
    (declared_where_it_was_imported, []),
    (
        unreadable_before,
        [
            (
                f"src/pkg/a.py: {UNDECLARED} keep, area {BROKEN}; declare the touch points "
                f"new:keep, new:area {OR}"
            )
        ],
    ),
    (names_of_other_languages, [f"{POINT} new:gone of old.sh added, got deletions only"]),
)


@pytest.mark.parametrize(("case", "faults"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_names(history: History, case: Case, faults: list[str]) -> None:
    case(history)
    assert history.verdict() == faults
