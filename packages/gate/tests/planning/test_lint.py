"""Specs against current.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.planning.lint import lint

REAL = Path(__file__).parents[4]
FIELDS = (
    "must_stay_unchanged",
    "files_to_touch",
    "fail_first_tests",
    "regression_tests",
    "non_goals",
    "risks",
    "touch_points",
    "review_checks",
    "blocked_by",
    "parallelizable_with",
    "invalidation_watch",
)
CURRENT = """## Institutional Knowledge
## Beliefs
## Brainstormed
## Specd
- [0001: First](specs/0001-first.md)
- [0002: Second](specs/0002-second.md)
"""


def spec(number: int, title: str, depends_on: str = "[]") -> str:
    lists = "\n".join(f"{name} = []" for name in FIELDS)
    return (
        f'+++\nnumber = {number}\ntitle = "{title}"\nkind = "planning"\n'
        f'behaviour_change = "x"\nuser_intent = "x"\nrollback_trigger = "x"\n{lists}\n'
        f"depends_on = {depends_on}\ndiff_shape = {{lines_min = 0, lines_max = 1}}\n+++\n"
        f"# {number:04d}: {title}\n## Decision\nx\n## Rejected\nx\n"
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with two specs and a current.md that names them."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/0001-first.md").write_text(spec(1, "First"))
    (tmp_path / "specs/0002-second.md").write_text(spec(2, "Second", "[1]"))
    (tmp_path / "current.md").write_text(CURRENT)
    return tmp_path


def test_good_files_are_green(root: Path) -> None:
    report = lint(root)
    assert [str(fault) for fault in report.faults] == []
    assert report.checked == 3


def test_the_planning_files_of_this_repository_are_green() -> None:
    assert [str(fault) for fault in lint(REAL).faults] == []


def no_line(root: Path) -> None:
    (root / "current.md").write_text(CURRENT.replace("- [0002: Second](specs/0002-second.md)", ""))


def two_lines(root: Path) -> None:
    (root / "current.md").write_text(CURRENT + "- [0002: Second](specs/0002-second.md)\n")


def other_title(root: Path) -> None:
    (root / "current.md").write_text(CURRENT.replace("Second]", "2nd]"))


def no_file(root: Path) -> None:
    (root / "specs/0001-first.md").rename(root / "specs/0001-one.md")


def no_such_dependency(root: Path) -> None:
    (root / "specs/0002-second.md").write_text(spec(2, "Second", "[1, 9]"))


def same_number(root: Path) -> None:
    (root / "specs/0001-again.md").write_text(spec(1, "First"))


def broken_spec(root: Path) -> None:
    (root / "specs/0002-second.md").write_text("no spec")


def no_current(root: Path) -> None:
    (root / "current.md").unlink()


FAULTY = [
    (no_line, ["0002-second.md: wanted one line in current.md under Specd, got 0"]),
    (two_lines, ["0002-second.md: wanted one line in current.md under Specd, got 2"]),
    (
        other_title,
        ["current.md:6: wanted '0002: Second' as in specs/0002-second.md, got '0002: 2nd'"],
    ),
    (
        no_file,
        [
            "current.md:5: wanted the file specs/0001-first.md, got none",
            "0001-one.md: wanted one line in current.md under Specd, got 0",
        ],
    ),
    (
        no_such_dependency,
        [
            "0002-second.md: names spec 9, which does not exist",
        ],
    ),
    (
        same_number,
        [
            "0001-again.md: the number is also that of 0001-first.md",
            "0001-again.md: wanted one line in current.md under Specd, got 0",
        ],
    ),
    (broken_spec, ["0002-second.md:1: wanted +++ on the first line, got 'no spec'"]),
    (no_current, ["current.md: wanted readable UTF-8 text, got: [Errno 2] No such file"]),
]


@pytest.mark.parametrize(("change", "messages"), FAULTY)
def test_faults(root: Path, change: Callable[[Path], None], messages: list[str]) -> None:
    change(root)
    found = [str(fault) for fault in lint(root).faults]
    assert len(found) == len(messages)
    for got, wanted in zip(found, messages, strict=True):
        assert got.startswith(wanted)


def test_no_spec_at_all_is_not_green(tmp_path: Path) -> None:
    (tmp_path / "current.md").write_text(CURRENT.split("- ", maxsplit=1)[0])
    report = lint(tmp_path)
    assert [str(fault) for fault in report.faults] == ["specs: wanted at least one spec, got none"]
