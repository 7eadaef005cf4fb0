"""The tests that a spec names are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

History = Any  # defined in conftest.py; test files cannot import each other
Case = Callable[[History], None]
SPEC = "specs/0001-plan.md"
NOTHING = "got no such function or class at HEAD"
SHAPES = """
class TestOwn:
    def test_in(self): pass
    class Deep:
        async def test_in(self): pass
class TestHeir(TestOwn): pass
def test_plain(): pass
def test_old(): pass
test_assigned = test_plain
if True:
    def test_guarded(): pass
"""


def done(history: History) -> None:
    history.work()
    history.commit()


def tests_that_are_not_there(history: History) -> None:
    history.spec(
        fail_first_tests=["tests/test_a.py::test_nowhere", "tests/test_none.py::test_x[a-b]"],
        regression_tests=["tests/test_a.py::TestA::test_b", "tests/test_gone.py"],
    )
    done(history)


def tests_in_all_shapes(history: History) -> None:
    named = ("test_plain[a::b]", "TestOwn::test_in", "TestOwn::Deep::test_in", "TestHeir::test_in")
    tests = [f"tests/test_a.py::{name}" for name in (*named, "test_assigned", "test_guarded")]
    history.spec(fail_first_tests=tests, diff_shape={"lines_min": 1, "lines_max": 40})
    history.work()
    history.write("tests/test_a.py", SHAPES)
    history.commit()


def done_without_its_tests(history: History) -> None:
    history.spec(status="done", regression_tests=["tests/test_gone.py"])
    done(history)


def gone_from_a_regression_file(history: History) -> None:
    history.work()
    history.write("tests/test_a.py", "def test_area():\n    assert True\n")
    history.commit()


def deleted_by_its_own_file(history: History) -> None:
    history.work()
    text = (history.root / "tests/test_a.py").read_text()
    history.write("tests/test_a.py", text + "\n\ndel test_old, test_area\n")
    history.commit()


def broken_tests(history: History) -> None:
    history.work()
    history.write("tests/test_a.py", "def (:\n")
    history.commit()


CASES: tuple[tuple[Case, list[str]], ...] = (
    (
        tests_that_are_not_there,
        [
            f"{SPEC}:19: wanted a file of tests, got none at 'tests/test_gone.py'",
            f"{SPEC}: wanted the test tests/test_a.py::test_nowhere, {NOTHING}",
            f"{SPEC}: wanted the test tests/test_none.py::test_x[a-b], got no such file at HEAD",
            f"{SPEC}: wanted the test tests/test_a.py::TestA::test_b, {NOTHING}",
        ],
    ),
    (tests_in_all_shapes, []),
    (
        done_without_its_tests,
        [f"{SPEC}: wanted the test tests/test_gone.py, got no such file at HEAD"],
    ),
    (
        gone_from_a_regression_file,
        [
            (
                f"{SPEC}: wanted the test tests/test_a.py, got none of test_old, which the base "
                "has in it"
            )
        ],
    ),
    (
        deleted_by_its_own_file,
        [
            f"{SPEC}: wanted the test tests/test_a.py::test_area, {NOTHING}",
            (
                f"{SPEC}: wanted the test tests/test_a.py, got none of test_old, which the base "
                "has in it"
            ),
        ],
    ),
    (
        broken_tests,
        [
            (
                "BrokenSource: tests/test_a.py: wanted Python that can be parsed, got: invalid "
                "syntax in line 1; mend it (or, if a newer Python can read it, run this with "
                "that one)"
            )
        ],
    ),
)


@pytest.mark.parametrize(("case", "faults"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_named_tests(history: History, case: Case, faults: list[str]) -> None:
    case(history)
    assert history.verdict() == faults
