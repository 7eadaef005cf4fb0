"""Reading from a command's output how much it looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_gate.errors import GateUsage
from tracemill_gate.evidence import counter
from tracemill_gate.evidence.counter import Tally

OUTPUTS = [
    ("mypy", "Success: no issues found in 12 source files\n", (12, 0)),
    ("mypy", "Success: no issues found in 1 source file\n", (1, 0)),
    ("mypy", "a.py:1: error: x\nFound 3 errors in 2 files (checked 10 source files)\n", (8, 2)),
    ("mypy", "Found 1 error in 1 file (checked 1 source file)\n", (0, 1)),
    ("mypy", "mypy: can't read file 'x'\n", None),
    ("import-linter", "----\n\nContracts: 6 kept, 0 broken.\n", (6, 0)),
    ("import-linter", "Contracts: 4 kept, 2 broken.\n", (4, 2)),
    ("import-linter", "", None),
    ("ruff", "All checks passed!\n35 files already formatted\n", (35, 0)),
    ("ruff", "1 file already formatted\n", (1, 0)),
    ("ruff", "2 files would be reformatted, 33 files already formatted\n", (33, 2)),
    ("ruff", "1 file would be reformatted\n", (0, 1)),
    ("ruff", "Found 3 errors.\n", None),
    ("summary", "checked: 202, failed: 0\n", (202, 0)),
    ("summary", "x: fault\nchecked: 10, failed: 3\n", (7, 3)),
    ("summary", "we checked: 10, failed: 3 times\n", None),
    ("summary", "checked: 5, failed: 0\nchecked: 9, failed: 2\n", (7, 2)),
    ("summary", "checked: 2, failed: 3\n", None),
    (
        "mypy",
        (
            "Success: no issues found in 1 source file\nFound 1 error in 1 file "
            "(checked 3 source files)\n"
        ),
        (2, 1),
    ),
    ("mypy", "Found 5 errors in 3 files (checked 1 source file)\n", (0, 3)),
    ("import-linter", "Contracts: 9 kept, 0 broken.\nContracts: 4 kept, 2 broken.\n", (4, 2)),
]


@pytest.mark.parametrize(("name", "output", "wanted"), OUTPUTS)
def test_closing_lines(name: str, output: str, wanted: tuple[int, int] | None) -> None:
    tally = None if wanted is None else Tally(passed=wanted[0], failed=wanted[1])
    assert counter.OF_OUTPUT[name](output) == tally


JUNIT = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="tests.test_a" name="test_one"/>
<testcase classname="tests.test_a" name="test_two"><failure message="no"/></testcase>
<testcase classname="tests.test_a" name="test_three"><error message="setup"/></testcase>
<testcase classname="tests.test_a" name="test_four[x]"><skipped message="no disk"/></testcase>
<testcase classname="tests.test_a" name="test_five"><skipped type="pytest.xfail"/></testcase>
</testsuite></testsuites>"""


def test_junit_counts_errors_as_failures_and_expected_failures_as_skips(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT)
    assert counter.of_junit(tmp_path / "junit.xml") == Tally(
        passed=1,
        failed=2,
        skipped=(
            ("tests.test_a::test_four[x]", "no disk"),
            ("tests.test_a::test_five", "no reason"),
        ),
    )


@pytest.mark.parametrize("text", [None, "", "<testsuites>"])
def test_a_missing_or_torn_junit_file_counts_nothing(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "junit.xml").write_text(text)
    assert counter.of_junit(tmp_path / "junit.xml") is None


def test_files_are_counted_by_pattern() -> None:
    paths = ("a.py", "folder/b.py", "c.pyi", "d.md")
    assert counter.of_files("files:*.py", paths, good=True) == Tally(passed=2, failed=0)
    assert counter.of_files("files:*.py", paths, good=False) == Tally(passed=1, failed=1)
    assert counter.of_files("files:*.rs", paths, good=True) == Tally(passed=0, failed=0)


def test_an_unknown_counter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(GateUsage) as caught:
        counter.check_name("guess")
    assert str(caught.value) == (
        "no counter is called 'guess'; "
        "wanted one of: junit, evidence, mypy, import-linter, ruff, summary, files:PATTERN"
    )


def test_brackets_in_a_pattern_stand_for_themselves() -> None:
    assert counter.pattern("a::b[x]*").fullmatch("a::b[x] and more")
    assert not counter.pattern("a::b[x]").fullmatch("a::bx")
