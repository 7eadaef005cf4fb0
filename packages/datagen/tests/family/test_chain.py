"""Operand pool: what a step may start from, and when the question is answered."""

from __future__ import annotations

from tracemill_datagen.family.chain import OperandPool, Results, literals
from tracemill_schema.claim import Claim, StepRef


def test_results_know_what_was_not_used() -> None:
    results = Results()
    for value in (3, "a", 7):
        results.add(value)
    assert (3 in results, 3.0 in results, "b" in results) == (True, True, False)
    assert results.unused() == 0
    results.use([3, 99])
    assert results.unused() == 1
    results.use(["a"])
    assert results.unused() is None


def pool() -> OperandPool:
    return OperandPool(values=(6, 7), ops=("multiply",), target=42)


def test_a_result_can_be_used_once_it_is_known() -> None:
    chain = pool()
    twice = Claim(op="multiply", args=(42, 6), result=252)
    assert chain.advance(twice) == "42 is neither in the question nor an earlier result"
    assert chain.advance(Claim(op="multiply", args=(6, 7), result=42)) is None
    assert chain.end() == 42
    assert chain.advance(twice) is None
    assert chain.end() is None
    assert chain.unused() is None


def test_a_result_is_not_given_twice_and_not_left_unused() -> None:
    chain = pool()
    squared = Claim(op="multiply", args=(6, 6), result=36)
    assert chain.advance(squared) is None
    assert chain.advance(squared) == "repeats an earlier result, 36"
    assert chain.unused() is None
    assert chain.advance(Claim(op="multiply", args=(6, 7), result=42)) is None
    assert (chain.end(), chain.unused()) == (42, 0)


def test_operators_of_other_families_are_refused() -> None:
    claim = Claim(op="add", args=(6, 7), result=13)
    assert pool().advance(claim) == "add is not a step of this family"


def test_nothing_is_shown_at_the_start() -> None:
    assert pool().end() is None


def test_literals_leave_references_out() -> None:
    assert literals(Claim(op="add", args=(StepRef(step=0), 3), result=4)) == [3]
