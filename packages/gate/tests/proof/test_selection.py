"""Which tests are proved, and what an id stands for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_gate.errors import GateUsage
from tracemill_gate.proof.selection import by_file, cases_of, named_tests
from tracemill_schema.spec import Spec

Planned = Callable[..., Spec]


def test_a_test_of_two_specs_is_proved_once(planned: Planned) -> None:
    one = planned(fail_first_tests=["tests/a.py::t", "tests/b.py::t"])
    two = planned(
        number=2, fail_first_tests=["tests/a.py::t"], regression_tests=["tests/a.py::old"]
    )
    tests = named_tests([one, two])
    assert [(test.id, test.duty, len(test.specs)) for test in tests] == [
        ("tests/a.py::t", "fail-first", 2),
        ("tests/b.py::t", "fail-first", 1),
        ("tests/a.py::old", "regression", 1),
    ]
    files = by_file(tests)
    assert {file: len(named) for file, named in files.items()} == {"tests/a.py": 2, "tests/b.py": 1}


def test_without_a_test_that_fails_first_nothing_is_proved(planned: Planned) -> None:
    planning = planned(kind="planning", files_to_touch=[], fail_first_tests=[])
    with pytest.raises(GateUsage) as caught:
        named_tests([planning])
    assert str(caught.value) == (
        "spec 0001: wanted at least one test in fail_first_tests, got none"
    )


SEEN = ("a.py::t", "a.py::t[x]", "a.py::t[y]", "a.py::C::t", "a.py::tt", "b.py::t")


@pytest.mark.parametrize(
    ("test", "cases"),
    [
        ("a.py::t[x]", ("a.py::t[x]",)),
        ("a.py::t", ("a.py::t", "a.py::t[x]", "a.py::t[y]")),
        ("a.py::C", ("a.py::C::t",)),
        ("a.py::none", ()),
    ],
)
def test_an_id_stands_for_its_cases(planned: Planned, test: str, cases: tuple[str, ...]) -> None:
    tests = named_tests([planned(fail_first_tests=[test])])
    assert cases_of(tests[0], SEEN, tests) == cases


def test_a_whole_file_leaves_out_what_fails_first(planned: Planned) -> None:
    tests = named_tests([planned(fail_first_tests=["a.py::t"], regression_tests=["a.py"])])
    assert cases_of(tests[1], SEEN, tests) == ("a.py::C::t", "a.py::tt")


def test_a_test_that_is_named_twice_is_left_out_nowhere(planned: Planned) -> None:
    both = planned(fail_first_tests=["a.py::tt"], regression_tests=["a.py::tt"])
    tests = named_tests([both])
    assert cases_of(tests[1], SEEN, tests) == ("a.py::tt",)
