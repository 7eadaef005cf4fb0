"""Faults are planted one after the other; the tree and the tests say what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.proof.mutant import Mutation
from tracemill_gate.proof.observation import Case, Run
from tracemill_gate.proof.runner import Order
from tracemill_gate.proof.selection import named_tests
from tracemill_gate.proof.settings import NONE
from tracemill_gate.proof.side import Side, Site, Yard
from tracemill_gate.proof.survival import Mutant, orders_for, try_all
from tracemill_gate.proof.workspace import Tree
from tracemill_schema.spec import Spec

SOURCE = "def f():\n    return 1 < 2\n"
ORDERS = [Order(file=f"{name}.py", wanted=("t",), settings=NONE, limit_s=9.0) for name in "ab"]


def run_of(file: str, state: str = "passed", **more: object) -> Run:
    cases = {f"{file}::t": Case(state=state)}
    return Run(file=file, side="head", repeat=1, seconds=2.0, cases=cases, **more)


def fate(tmp_path: Path, seen: dict[str, Run], operator: str) -> tuple[Mutant, list[str]]:
    """Plant one fault; return what became of it, and the text that each run found."""
    (tmp_path / "shop.py").write_text(SOURCE)
    side = Side(name="head", commit="0", paths=(), roots=(), modules={})
    texts = []

    async def once(site: Site, order: Order) -> Run:
        texts.append((site.tree.top / "shop.py").read_text())
        return seen[order.file]

    async def go() -> tuple[Mutant, ...]:
        yard = Yard([Site(side=side, tree=Tree(top=tmp_path, commit="0"))], jobs=1)
        planted = Mutation(path="shop.py", line=2, operator=operator, occurrence=0)
        return await try_all([planted], {"shop.py": SOURCE}, ORDERS, yard, once)

    (mutant,) = asyncio.run(go())
    return mutant, texts


@pytest.mark.parametrize(
    ("seen", "wanted", "runs"),
    [
        ([run_of("a.py"), run_of("b.py")], ("survived", ""), 2),
        ([run_of("a.py"), run_of("b.py", "failed")], ("killed", "b.py::t"), 2),
        ([run_of("a.py", "unfinished"), run_of("b.py")], ("killed", "a.py::t"), 1),
        (
            [run_of("a.py", ended="the time limit of 9 s"), run_of("b.py")],
            ("killed", "a.py: the time limit of 9 s"),
            1,
        ),
        (
            [run_of("a.py", unusable=Case(state="uncollected")), run_of("b.py")],
            ("killed", "a.py: not collected"),
            1,
        ),
    ],
)
def test_a_fault_is_killed_by_the_first_test_that_notices(
    tmp_path: Path, seen: list[Run], wanted: tuple[str, str], runs: int
) -> None:
    operator = "core/ReplaceComparisonOperator_Lt_Gt"
    mutant, texts = fate(tmp_path, {run.file: run for run in seen}, operator)
    assert (mutant.fate, mutant.by) == wanted
    assert mutant.difference == "-    return 1 < 2\n+    return 1 > 2"
    assert texts == [SOURCE.replace("<", ">")] * runs


def test_a_fault_that_changes_nothing_is_not_run(tmp_path: Path) -> None:
    mutant, texts = fate(tmp_path, {}, "core/ReplaceTrueWithFalse")
    assert (mutant.fate, texts) == ("incompetent", [])


def test_only_what_fails_first_is_run_and_soon_ended(planned: Callable[..., Spec]) -> None:
    tests = named_tests(
        [planned(fail_first_tests=["a.py::t"], regression_tests=["a.py::u", "b.py::t"])]
    )
    orders = [
        Order(file="a.py", wanted=("a.py::t", "a.py::u"), settings=NONE, limit_s=300.0),
        Order(file="b.py", wanted=("b.py::t",), settings=NONE, limit_s=300.0),
    ]
    (order,) = orders_for(orders, tests, [run_of("a.py")])
    assert (order.file, order.wanted, order.stop_early) == ("a.py", ("a.py::t",), True)
    assert order.limit_s == 3 * 2.0 + 5.0
    assert orders_for(orders[1:], tests, []) == []
