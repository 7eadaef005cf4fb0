"""Operand pool: what a step may start from, and when the question is answered."""

from __future__ import annotations

from tracemill_datagen.family.chain import OperandPool, literals
from tracemill_schema.claim import Claim, StepRef


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


def test_operators_of_other_families_are_refused() -> None:
    claim = Claim(op="add", args=(6, 7), result=13)
    assert pool().advance(claim) == "add is not a step of this family"


def test_nothing_is_shown_at_the_start() -> None:
    assert pool().end() is None


def test_literals_leave_references_out() -> None:
    assert literals(Claim(op="add", args=(StepRef(step=0), 3), result=4)) == [3]
