"""Verdicts from what was seen at both sides, without running anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tracemill_gate.proof.declaration import declaration
from tracemill_gate.proof.frozen import FrozenFiles
from tracemill_gate.proof.observation import Case, Fault, Run
from tracemill_gate.proof.selection import NamedTest, named_tests
from tracemill_gate.proof.verdict import Circumstances, Verdict, is_flake, judge
from tracemill_schema.spec import Spec

TEST = "tests/a.py::t"
PASSED = Case(state="passed")


def fault(
    text: str = "AssertionError: no",
    types: tuple[str, ...] = ("AssertionError",),
    file: str = "tests/a.py",
    name: str | None = None,
    *,
    inside: bool = True,
) -> Fault:
    return Fault(types=types, text=text, file=file, line=7, inside=inside, name=name, owner=None)


RED = Case(state="failed", faults=(fault(),))
MODULE = ("ModuleNotFoundError", "ImportError")
NEW_MODULE = fault("No module", MODULE, name="shop.new")
FOREIGN = fault("No module", MODULE, name="requests")
CODE = fault("ValueError: x", ("ValueError",), "src/shop/price.py")

VERDICTS = [
    # at the base, at HEAD, verdict, holds, reason
    ([RED, RED], [PASSED, PASSED], "RED", True, "AssertionError: no (tests/a.py:7)"),
    ([PASSED, PASSED], [PASSED, PASSED], "ALREADY-GREEN", False, "passes at the base"),
    ([RED, RED], [RED, RED], "NOT-GREEN", False,
     "fails at HEAD: AssertionError: no (tests/a.py:7)"),
    ([RED, PASSED], [PASSED, PASSED], "INVALID", False,
     "a flake at the base: AssertionError: no (tests/a.py:7), then passes at the base"),
    ([RED, RED], [PASSED, RED], "INVALID", False,
     "a flake at HEAD: passed, then fails at HEAD: AssertionError: no (tests/a.py:7)"),
    ([Case(state="failed", faults=(NEW_MODULE,)), RED], [PASSED, PASSED], "INVALID", False,
     ("a flake at the base: the base lacks the module shop.new, as announced, "
      "then AssertionError: no (tests/a.py:7)")),
    ([Case(state="failed", faults=(NEW_MODULE,))] * 2, [PASSED, PASSED], "RED-WEAK", True,
     "the base lacks the module shop.new, as announced"),
    ([Case(state="uncollected", faults=(NEW_MODULE,))] * 2, [PASSED, PASSED], "RED-WEAK", True,
     "the base lacks the module shop.new, as announced"),
    ([Case(state="error", faults=(NEW_MODULE,))] * 2, [PASSED, PASSED], "INVALID", False,
     "invalid at the base: an error around the test, which is not red: No module (tests/a.py:7)"),
    ([Case(state="error", faults=(FOREIGN,))] * 2, [PASSED, PASSED], "ENVIRONMENT", False,
     "at the base the third-party module requests is missing"),
    ([RED, RED], [Case(state="uncollected", faults=(FOREIGN,))] * 2, "ENVIRONMENT", False,
     "at HEAD the third-party module requests is missing"),
    ([Case(state="failed", faults=(CODE,))] * 2, [PASSED, PASSED], "RED-WEAK", True,
     "the code under test raises at the base: ValueError: x"),
    ([Case(state="failed", faults=(fault("AssertionError", file="src/shop/other.py"),))] * 2,
     [PASSED, PASSED], "RED-WEAK", False,
     "not an assertion of the test at src/shop/other.py:7: AssertionError"),
    ([Case(state="failed", faults=(fault(inside=False),))] * 2, [PASSED, PASSED], "RED-WEAK", False,
     "not an assertion of the test at tests/a.py:7: AssertionError: no"),
    ([Case(state="failed", faults=(fault("Failed: DID NOT RAISE", ("Failed",)),))] * 2,
     [PASSED, PASSED], "RED", True, "Failed: DID NOT RAISE (tests/a.py:7)"),
    ([Case(state="failed", faults=(fault(), CODE))] * 2, [PASSED, PASSED], "RED-WEAK", True,
     "the code under test raises at the base: ValueError: x"),
    ([Case(state="failed")] * 2, [PASSED, PASSED], "INVALID", False,
     "invalid at the base: it failed without an exception"),
    ([Case(state="uncollected", faults=(CODE,))] * 2, [PASSED, PASSED], "INVALID", False,
     "invalid at the base: its file cannot be collected: ValueError: x (src/shop/price.py:7)"),
    ([Case(state="skipped", why="no")] * 2, [PASSED, PASSED], "INVALID", False,
     "invalid at the base: skipped: no"),
    ([Case(state="xfailed", why="bug 3")] * 2, [PASSED, PASSED], "INVALID", False,
     "invalid at the base: marked xfail: bug 3"),
    ([Case(state="missing")] * 2, [PASSED, PASSED], "INVALID", False,
     "invalid at the base: no such test there"),
    ([Case(state="unfinished", why="the time limit of 3 s in this test")], [PASSED, PASSED],
     "INVALID", False, "invalid at the base: it did not end: the time limit of 3 s in this test"),
    ([RED, RED], [Case(state="unfinished", why="signal SIGSEGV in this test")], "INVALID", False,
     "invalid at HEAD: it did not end: signal SIGSEGV in this test"),
]  # fmt: skip

Around = Callable[..., tuple[NamedTest, Circumstances]]


@pytest.fixture
def around(planned: Callable[..., Spec]) -> Around:
    def make(
        edited: tuple[str, ...] = ("tests/a.py",), **fields: object
    ) -> tuple[NamedTest, Circumstances]:
        spec = planned(
            **{
                "fail_first_tests": [TEST],
                "touch_points": [{"path": "src/shop/new.py", "name": "new:*"}],
                **fields,
            }
        )
        modules = {"shop.price": "src/shop/price.py", "shop.new": "src/shop/new.py"}
        tests = named_tests([spec])
        return tests[-1], Circumstances(
            tests=tests,
            told=declaration([spec]),
            frozen=FrozenFiles(roots=("tests",), files=()),
            own=modules,
            modules=modules,
            at_base={"tests/a.py": frozenset({"tests/a.py::old"})},
            edited=frozenset(edited),
        )

    return make


def runs(base: list[dict[str, Case]], head: list[dict[str, Case]], **more: object) -> list[Run]:
    sides = (("base", base), ("head", head))
    return [
        Run(file="tests/a.py", side=side, repeat=i, seconds=1.0, cases=cases, **more)
        for side, found in sides
        for i, cases in enumerate(found, start=1)
    ]


def judged(
    around: Around, test: str, base: list[Case], head: list[Case], **fields: object
) -> Verdict:
    named, circumstances = around(**fields)
    seen = runs([{test: case} for case in base], [{test: case} for case in head])
    return judge(named, seen, circumstances)


@pytest.mark.parametrize(("base", "head", "kind", "holds", "reason"), VERDICTS)
def test_verdicts(
    around: Around, base: list[Case], head: list[Case], kind: str, reason: str, *, holds: bool
) -> None:
    found = judged(around, TEST, base, head)
    assert (found.kind, found.holds, found.reason) == (kind, holds, reason)
    assert (found.id, found.duty, found.specs) == (TEST, "fail-first", (1,))


KEPT = [
    ("tests/a.py::old", PASSED, PASSED, "GREEN", True, "passes at both sides"),
    ("tests/a.py::young", RED, PASSED, "NEW", True, "passes at HEAD, is not there at the base"),
    ("tests/a.py::old", RED, PASSED, "NOT-GREEN", False,
     "fails at the base: AssertionError: no (tests/a.py:7)"),
    ("tests/a.py::old", PASSED, RED, "NOT-GREEN", False,
     "fails at HEAD: AssertionError: no (tests/a.py:7)"),
    ("tests/a.py::old", Case(state="uncollected", faults=(NEW_MODULE,)), PASSED, "NEW", True,
     "passes at HEAD; cannot run at the base: the base lacks the module shop.new, as announced"),
    ("tests/a.py::old", Case(state="skipped"), PASSED, "INVALID", False,
     "invalid at the base: skipped"),
    ("tests/a.py::old", PASSED, Case(state="skipped"), "INVALID", False,
     "invalid at HEAD: skipped"),
]  # fmt: skip


@pytest.mark.parametrize(("test", "base", "head", "kind", "holds", "reason"), KEPT)
def test_verdicts_on_what_stays_green(
    around: Around, test: str, base: Case, head: Case, *, kind: str, reason: str, holds: bool
) -> None:
    found = judged(around, test, [base] * 2, [head] * 2, regression_tests=[test])
    assert (found.kind, found.holds, found.reason) == (kind, holds, reason)


TABLES = [
    # cases at the base, at HEAD, verdict, reason
    ((RED, PASSED), (PASSED, PASSED), "RED", "AssertionError: no (tests/a.py:7) (1 of 2 cases)"),
    ((PASSED, PASSED), (PASSED, PASSED), "ALREADY-GREEN", "passes at the base (2 of 2 cases)"),
    ((RED, RED), (PASSED, RED), "NOT-GREEN",
     "fails at HEAD: AssertionError: no (tests/a.py:7) (1 of 2 cases)"),
    ((RED, Case(state="skipped")), (PASSED, PASSED), "INVALID",
     "invalid at the base: skipped (1 of 2 cases)"),
    ((PASSED, None), (PASSED, PASSED), "ALREADY-GREEN", "passes at the base (1 of 2 cases)"),
    ((None, None), (PASSED, PASSED), "INVALID",
     "invalid at the base: no such test there (2 of 2 cases)"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "head", "kind", "reason"), TABLES)
def test_a_test_with_cases_is_as_its_cases(
    around: Around,
    base: tuple[Case | None, ...],
    head: tuple[Case | None, ...],
    kind: str,
    reason: str,
) -> None:
    def cases(found: tuple[Case | None, ...]) -> list[dict[str, Case]]:
        return [{f"{TEST}[{i}]": case for i, case in enumerate(found) if case}] * 2

    named, circumstances = around()
    found = judge(named, runs(cases(base), cases(head)), circumstances)
    assert (found.kind, found.reason) == (kind, reason)


def test_a_kept_test_that_nobody_edited_must_pass_at_the_base(around: Around) -> None:
    raises = Case(state="failed", faults=(CODE,))
    found = judged(
        around, "tests/a.py::old", [raises] * 2, [PASSED] * 2,
        regression_tests=["tests/a.py::old"], edited=(),
    )  # fmt: skip
    assert (found.kind, found.holds) == ("NOT-GREEN", False)
    assert found.reason == (
        "fails at the base: the code under test raises at the base: ValueError: x"
    )


def test_an_assertion_around_a_test_is_not_red(around: Around) -> None:
    set_up = Case(state="failed", faults=(replace(fault(), around=True),))
    found = judged(around, TEST, [set_up] * 2, [PASSED] * 2)
    assert (found.kind, found.holds, found.reason) == (
        "RED-WEAK",
        False,
        "not an assertion of the test at tests/a.py:7: AssertionError: no",
    )


@pytest.mark.parametrize(("side", "where"), [("head", "HEAD"), ("base", "the base")])
@pytest.mark.parametrize("duty", ["fail_first_tests", "regression_tests"])
def test_a_process_that_crashes_proves_nothing_of_its_tests(
    around: Around, side: str, where: str, duty: str
) -> None:
    test = TEST if duty == "fail_first_tests" else "tests/a.py::old"
    named, circumstances = around(**{duty: [test]})
    at_base = RED if duty == "fail_first_tests" else PASSED
    seen = [
        replace(run, ended="signal SIGABRT" if run.side == side else "")
        for run in runs([{test: at_base}] * 2, [{test: PASSED}] * 2)
    ]
    found = judge(named, seen, circumstances)
    assert (found.kind, found.holds, found.reason) == (
        "INVALID",
        False,
        f"invalid at {where}: its process crashed: signal SIGABRT",
    )


@pytest.mark.parametrize(
    ("base", "head", "where"),
    [([RED], [PASSED, PASSED], "the base"), ([RED, RED], [PASSED], "HEAD")],
)
def test_one_run_of_a_side_is_not_enough(
    around: Around, base: list[Case], head: list[Case], where: str
) -> None:
    found = judged(around, TEST, base, head)
    assert (found.holds, found.reason) == (False, f"invalid at {where}: it was run only once")


def test_a_test_file_that_changed_proves_nothing(around: Around) -> None:
    named, circumstances = around()
    seen = runs([{TEST: RED}] * 2, [{TEST: PASSED}] * 2, changed=("tests/data/x",))
    found = judge(named, seen, circumstances)
    assert (found.kind, found.reason) == (
        "INVALID",
        "test files changed at the base: tests/data/x",
    )


def test_a_file_that_head_does_not_have_proves_nothing(around: Around) -> None:
    named, circumstances = around()
    found = judge(named, [], circumstances)
    assert (found.kind, found.reason) == ("INVALID", "HEAD has no file tests/a.py")


def test_a_misspelt_id_is_told_with_the_nearest(around: Around) -> None:
    named, circumstances = around(fail_first_tests=["tests/a.py::test_tota"])
    seen = runs([{}, {}], [{}, {}], known=("tests/a.py::test_total", "tests/a.py::test_x"))
    assert judge(named, seen, circumstances).reason == (
        "invalid at HEAD: no such test; the nearest is tests/a.py::test_total"
    )


@pytest.mark.parametrize(
    ("base", "head", "flake"),
    [
        ([RED, RED], [PASSED, RED], True),
        ([RED, PASSED], [PASSED, PASSED], True),
        ([PASSED, PASSED], [PASSED, PASSED], False),
        ([RED, RED], [RED, RED], False),
    ],
)
def test_a_flake_is_told_from_other_faults(
    around: Around, base: list[Case], head: list[Case], *, flake: bool
) -> None:
    found = judged(around, TEST, base, head)
    assert not found.holds
    assert is_flake(found) is flake
