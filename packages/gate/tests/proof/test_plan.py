"""What is run of a history, and whose announcements count in judging it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tracemill_gate.errors import BaseHoldsHead
from tracemill_gate.proof.observation import Case, Fault, Run
from tracemill_gate.proof.plan import plan_of
from tracemill_schema.spec import Spec

History = Any
"""What the fixture ``history`` makes; test files do not import each other."""

TEST = "tests/test_a.py::test_a"
MISSING = Fault(
    types=("ModuleNotFoundError", "ImportError"),
    text="ModuleNotFoundError: No module named 'stock'",
    file="tests/test_a.py",
    line=1,
    inside=True,
    name="stock",
    owner=None,
)


@pytest.fixture(scope="module")
def made(history: Callable[..., History]) -> History:
    head = {
        "src/stock.py": "",
        "tests/test_a.py": "import stock\n\n\ndef test_a():\n    pass\n",
        "tests/data.txt": "",
    }
    return history({"tests/test_old.py": ""}, head)


def test_a_plan_holds_both_commits_and_the_files_that_head_has(
    made: History, planned: Callable[..., Spec]
) -> None:
    spec = planned(fail_first_tests=[TEST, "tests/test_gone.py::test_b"])
    plan = plan_of(made.repository, [spec], base=made.base)
    assert [test.id for test in plan.tests] == [TEST, "tests/test_gone.py::test_b"]
    assert list(plan.files) == ["tests/test_a.py"]
    assert (plan.base.commit, plan.head.commit) == (made.base, made.repository.commit("HEAD"))
    assert plan.own == {"shop": "src/shop/__init__.py", "stock": "src/stock.py"}
    assert "tests/data.txt" in plan.frozen


def test_a_base_that_holds_head_is_refused(made: History, planned: Callable[..., Spec]) -> None:
    with pytest.raises(BaseHoldsHead, match="wanted a base before HEAD"):
        plan_of(made.repository, [planned()], base=made.repository.commit("HEAD"))


ALIEN = "the base lacks the module stock, which no spec announces"
FAIR = "the base lacks the module stock, as announced"


@pytest.mark.parametrize(
    ("together", "beside", "reason"),
    [(False, False, ALIEN), (True, False, FAIR), (False, True, FAIR)],
    ids=["by_itself", "together", "beside"],
)
def test_a_test_may_miss_what_another_spec_on_trial_announces(
    made: History, planned: Callable[..., Spec], *, together: bool, beside: bool, reason: str
) -> None:
    mine = planned(fail_first_tests=[TEST])
    other = planned(
        number=2,
        fail_first_tests=["tests/test_b.py::test_b"],
        touch_points=[{"path": "src/stock.py", "name": "new:*"}],
    )
    specs = [mine, other] if together else [mine]
    others = [other] if beside else []
    plan = plan_of(made.repository, specs, base=made.base, beside=others)
    seen = {"base": Case(state="failed", faults=(MISSING,)), "head": Case(state="passed")}
    runs = [
        Run(file="tests/test_a.py", side=side, repeat=repeat, seconds=1.0, cases={TEST: case})
        for side, case in seen.items()
        for repeat in (1, 2)
    ]
    verdict = plan.judged(runs)[0]
    assert (verdict.id, verdict.reason) == (TEST, reason)
    assert verdict.holds is (reason == FAIR)
    assert len(plan.judged(runs)) == len(specs)
