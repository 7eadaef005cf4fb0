"""Which files may change, how, and by how much."""

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
OUTSIDE = "wanted only files of files_to_touch (spec 0001), got"
SMALLER = "change less, or have another diff_shape approved"
NO_SPEC = (
    "current.md: wanted a spec that is in progress, or done since ID, for 3 changed files "
    "(src/pkg/a.py, src/pkg/b.py, tests/test_a.py), got none"
)


def done(history: History) -> None:
    history.work()
    history.commit()


def file_outside(history: History) -> None:
    history.work()
    history.write("src/pkg/other.py", "def other():\n    return 4\n")
    history.commit()


def wrong_kind(history: History) -> None:
    history.work()
    (history.root / "tests/test_a.py").unlink()
    history.commit()


def added_below_a_modified_folder(history: History) -> None:
    history.work()
    history.write("tests/test_more.py", "def test_more():\n    assert True\n")
    history.commit()


def added_but_there(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "src/pkg/other.py", "kind": "add"}])
    done(history)


def too_many_lines(history: History) -> None:
    history.work()
    text = (history.root / "tests/test_a.py").read_text()
    history.write("tests/test_a.py", text + "# more\n" * 30)
    history.commit()


def too_few_lines(history: History) -> None:
    history.spec(diff_shape={"lines_min": 100, "lines_max": 200})
    done(history)


def line_ends(history: History) -> None:
    history.spec(diff_shape={"lines_min": 3, "lines_max": 15})
    history.work()
    text = (history.root / "src/pkg/a.py").read_bytes()
    history.write("src/pkg/a.py", text.replace(b"\n", b"\r\n"))
    history.commit()


def lines_hidden_by_an_attribute(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": ".gitattributes", "kind": "add"}])
    history.work()
    history.write(".gitattributes", "*.py -diff\n")
    history.write("src/pkg/b.py", "def volume(a):\n    return a**3\n" + "# more\n" * 30)
    history.commit()


def lines_that_git_does_not_count(history: History) -> None:
    history.spec(files_to_touch=[*FILES, *({"path": p, "kind": "add"} for p in ("c.txt", "d.txt"))])
    history.work()
    history.write("c.txt", "one\r" * 500)
    history.write("d.txt", "\f".join(f"x{i}={i};" for i in range(500)) + "\n")
    history.commit()


def generated_by_the_change_s_own_word(history: History) -> None:
    history.spec(files_to_touch=[*FILES, {"path": "pyproject.toml", "kind": "modify"}])
    history.work()
    text = (history.root / "pyproject.toml").read_text()
    history.write("pyproject.toml", text.replace('"made/"', '"made/", "tests/"'))
    history.write("tests/test_a.py", (history.root / "tests/test_a.py").read_text() + "# x\n" * 30)
    history.commit()


def not_quite_paperwork(history: History) -> None:
    history.work()
    history.write("specs/sub/plan.md", "# A plan\n" * 300)
    history.write("specs/experiment/sub/card.toml", "x = 1\n")
    history.commit()


def no_spec(history: History) -> None:
    history.spec(status="approved")
    done(history)


def withdrawn(history: History) -> None:
    history.spec(status="withdrawn")
    done(history)


def planning_alone_touches_code(history: History) -> None:
    history.spec(
        kind="planning",
        files_to_touch=[{"path": "docs/plan.md", "kind": "add"}],
        fail_first_tests=[],
        regression_tests=[],
        touch_points=[],
    )
    history.write("docs/plan.md", "A plan.\n" * 5)
    history.write("src/pkg/other.py", "def other():\n    return 4\n")
    history.commit()


def mode_alone(history: History) -> None:
    history.work()
    (history.root / "src/pkg/other.py").chmod(0o755)
    history.commit()


def link_for_a_file(history: History) -> None:
    history.work()
    (history.root / "src/pkg/other.py").unlink()
    (history.root / "src/pkg/other.py").symlink_to("a.py")
    history.commit()


def file_becomes_a_folder(history: History) -> None:
    history.work()
    (history.root / "watched.txt").unlink()
    history.write("watched.txt/inside", "different\n")
    history.commit()


def other_bytes_in_a_name(history: History) -> None:
    history.work()
    history.write("caf\udce9\n.txt", "x\n")
    history.commit()


def too_few_lines_of_two(history: History) -> None:
    history.spec(
        2,
        files_to_touch=[{"path": "watched.txt", "kind": "modify"}],
        touch_points=[],
        diff_shape={"lines_min": 100, "lines_max": 200},
        parallelizable_with=[1],
    )
    done(history)


CASES: tuple[tuple[Case, list[str]], ...] = (
    (file_outside, [f"src/pkg/other.py: {OUTSIDE}: modify"]),
    (
        wrong_kind,
        [
            f"{SPEC}:17: wanted a file of tests, got none at 'tests/test_a.py'",
            "tests/test_a.py: wanted to modify it, as declared, got: delete",
            f"{SPEC}: wanted the test tests/test_a.py::test_area, got no such file at HEAD",
        ],
    ),
    (
        added_below_a_modified_folder,
        ["tests/test_more.py: wanted to modify it, as declared, got: add"],
    ),
    (
        added_but_there,
        [f"{SPEC}: wanted to add src/pkg/other.py, got: it exists at the base ID; declare modify"],
    ),
    (
        too_many_lines,
        [
            (
                f"{SPEC}: wanted 3 to 20 changed lines (spec 0001), got 38 "
                f"(tests/test_a.py: 34, src/pkg/a.py: 2, src/pkg/b.py: 2); {SMALLER}"
            )
        ],
    ),
    (
        too_few_lines,
        [f"{SPEC}: wanted 100 to 200 changed lines (spec 0001), got 8; is the work complete?"],
    ),
    (
        line_ends,
        [
            (
                f"{SPEC}: wanted 3 to 15 changed lines (spec 0001), got 24 "
                f"(src/pkg/a.py: 18, tests/test_a.py: 4, src/pkg/b.py: 2); {SMALLER}"
            )
        ],
    ),
    (
        lines_hidden_by_an_attribute,
        [
            (
                f"{SPEC}: wanted 3 to 20 changed lines (spec 0001), got 59 "
                f"(src/pkg/b.py: 32, src/pkg/a.py: 18, tests/test_a.py: 8); {SMALLER}"
            )
        ],
    ),
    (
        lines_that_git_does_not_count,
        [
            (
                f"{SPEC}: wanted 3 to 20 changed lines (spec 0001), got 556 "
                f"(c.txt: 500, d.txt: 48, tests/test_a.py: 4); {SMALLER}"
            )
        ],
    ),
    (
        generated_by_the_change_s_own_word,
        [
            (
                f"{SPEC}: wanted 3 to 20 changed lines (spec 0001), got 40 "
                f"(tests/test_a.py: 34, pyproject.toml: 2, src/pkg/a.py: 2); {SMALLER}"
            )
        ],
    ),
    (
        not_quite_paperwork,
        [
            f"specs/experiment/sub/card.toml: {OUTSIDE}: add",
            f"specs/sub/plan.md: {OUTSIDE}: add",
            (
                f"{SPEC}: wanted 3 to 20 changed lines (spec 0001), got 309 "
                f"(specs/sub/plan.md: 300, tests/test_a.py: 4, src/pkg/a.py: 2); {SMALLER}"
            ),
        ],
    ),
    (
        too_few_lines_of_two,
        [
            (
                "specs: wanted 103 to 220 changed lines (spec 0001, spec 0002), got 8; is the work "
                "complete?"
            )
        ],
    ),
    (no_spec, [NO_SPEC]),
    (withdrawn, [NO_SPEC]),
    (planning_alone_touches_code, [f"src/pkg/other.py: {OUTSIDE}: modify"]),
    (mode_alone, [f"src/pkg/other.py: {OUTSIDE}: modify"]),
    (link_for_a_file, [f"src/pkg/other.py: {OUTSIDE}: modify"]),
    (
        file_becomes_a_folder,
        [f"watched.txt: {OUTSIDE}: delete", f"watched.txt/inside: {OUTSIDE}: add"],
    ),
    (other_bytes_in_a_name, [f"caf\\udce9\\n.txt: {OUTSIDE}: add"]),
)


@pytest.mark.parametrize(("case", "faults"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_files_and_lines(history: History, case: Case, faults: list[str]) -> None:
    case(history)
    assert history.verdict() == faults
