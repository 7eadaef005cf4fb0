from __future__ import annotations

import pytest

from tracemill_schema.canonical import Value
from tracemill_schema.claim import (
    OPERATORS,
    Claim,
    StepFault,
    StepRef,
    check_claim,
    replay,
    same_value,
)
from tracemill_schema.trace import Trace

TRUE_CLAIMS: tuple[tuple[str, list[Value], Value], ...] = (
    ("add", [2, 3, 4], 9),
    ("add", [0.1, 0.2], 0.3),
    ("subtract", [2, 3.5], -1.5),
    ("multiply", [6, 7], 42),
    ("divide", [7, 2], 3.5),
    ("floor_divide", [7, 2], 3),
    ("modulo", [-1, 10], 9),
    ("round", [2.345, 1], 2.3),
    ("concatenate", ["ab", "c"], "abc"),
    ("char_at", ["abc", 1], "b"),
    ("reverse", ["abc"], "cba"),
    ("reverse", [[1, 2]], [2, 1]),
    ("count", ["banana", "a"], 3),
    ("count", [[1, True, 1.0], 1], 2),
    ("length", ["abc"], 3),
    ("length", [[1, 2]], 2),
    ("sort", [[3, 1, 2.5]], [1, 2.5, 3]),
    ("sort", [["b", "a"]], ["a", "b"]),
    ("minimum", [[3, 1, 2]], 1),
    ("remove", [[3, 1, 3], 3], [1, 3]),
    ("append", [[1], 2], [1, 2]),
    ("equal", ["a", "a"], True),
    ("quote", [{"a": [1]}], {"a": [1]}),
)


@pytest.mark.parametrize(("op", "args", "result"), TRUE_CLAIMS)
def test_a_true_claim_replays(op: str, args: list[Value], result: Value) -> None:
    assert check_claim(Claim(op=op, args=tuple(args), result=result), {}) is None


@pytest.mark.parametrize(("op", "args", "result"), TRUE_CLAIMS)
def test_the_same_claim_with_another_result_is_caught(
    op: str, args: list[Value], result: Value
) -> None:
    reason = check_claim(Claim(op=op, args=tuple(args), result="not this"), {})
    assert reason == f"{op} gives {OPERATORS[op](args)!r}, not 'not this'"


def test_every_operator_has_a_case_above() -> None:
    tested = {op for op, _, _ in TRUE_CLAIMS}
    assert tested >= {"add", "subtract", "multiply", "quote"}
    assert {name for name in OPERATORS if not name.endswith("_mod")} == tested


@pytest.mark.parametrize(
    ("op", "args", "reason"),
    [
        ("conjure", [1], "unknown operator 'conjure'"),
        ("add", ["1", 2], "add cannot be applied: '1' is not a number"),
        ("add", [True, 2], "add cannot be applied: True is not a number"),
        ("modulo", [1.5, 2], "modulo cannot be applied: 1.5 is not an integer"),
        ("divide", [1, 0], "divide cannot be applied: Fraction(1, 0)"),
        ("char_at", ["abc", 3], "char_at cannot be applied: string index out of range"),
        ("char_at", ["abc", -1], "char_at cannot be applied: a position counts from 0"),
        ("remove", [[1], 2], "remove cannot be applied: 2 is not in the list"),
        ("length", [3], "length cannot be applied: 3 is not a list"),
        ("concatenate", [3], "concatenate cannot be applied: 3 is not a string"),
    ],
)
def test_a_claim_that_cannot_be_replayed_says_why(op: str, args: list[Value], reason: str) -> None:
    assert check_claim(Claim(op=op, args=tuple(args), result=0), {}) == reason


def test_a_reference_must_point_to_an_earlier_claim() -> None:
    claim = Claim(op="add", args=(StepRef(step=3), 1), result=2)
    assert check_claim(claim, {}) == "refers to step 3, which is not an earlier step with a claim"


def test_a_clean_trace_replays_and_a_wrong_step_is_named(trace: Trace) -> None:
    assert replay(trace) is None
    first, second = trace.steps
    claim = Claim(op="multiply", args=(StepRef(step=0), 4), result=24)
    wrong = trace.replace(steps=(first, second.replace(claim=claim)))
    assert replay(wrong) == StepFault(step=1, reason="multiply gives 20, not 24")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        ("1", 1, False),
        (0.1 + 0.2, 0.3, True),
        (0.30001, 0.3, False),
        (10**15, 10**15 + 1, False),
        ([1, 2], [2, 1], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_equality_of_values_is_typed(left: Value, right: Value, *, same: bool) -> None:
    assert same_value(left, right) is same


@pytest.mark.parametrize(
    ("op", "args", "result"),
    [
        ("add_mod", [7, 5, 10], 2),
        ("subtract_mod", [2, 5, 10], 7),
        ("multiply_mod", [7, 7, 10], 9),
        ("subtract_mod", [-3, 4, 10], 3),
    ],
)
def test_modular_operators_reduce_to_the_least_residue(
    op: str, args: list[Value], result: Value
) -> None:
    assert check_claim(Claim(op=op, args=tuple(args), result=result), {}) is None
    wrong = Claim(op=op, args=tuple(args), result=-1)
    assert check_claim(wrong, {}) == f"{op} gives {result}, not -1"


def test_a_modular_operator_wants_two_integers_and_a_modulus() -> None:
    claim = Claim(op="add_mod", args=(1, 2), result=3)
    expected = "add_mod cannot be applied: not enough values to unpack (expected 3, got 2)"
    assert check_claim(claim, {}) == expected
    zero = Claim(op="multiply_mod", args=(1, 2, 0), result=0)
    assert str(check_claim(zero, {})).startswith("multiply_mod cannot be applied: ")
