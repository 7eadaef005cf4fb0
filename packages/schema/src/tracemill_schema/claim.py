"""claim (in trace.v1): what a step asserts, and its replay.

A claim is an operator, its arguments (literals, or ``{"step": k}`` for the result of step k) and
the result. Replaying computes the operator again and compares; nothing is believed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from pydantic import Field

from tracemill_schema.canonical import Value
from tracemill_schema.record import Name, Record


class StepRef(Record):
    """The result of an earlier step as an argument."""

    step: int = Field(ge=0, description="position of an earlier step that claims something")


class Claim(Record):
    """``op(args) == result``."""

    op: Name
    args: tuple[StepRef | Value, ...] = Field(max_length=64)
    result: Value


@dataclass(frozen=True, kw_only=True)
class StepFault:
    """The first wrong step of a trace: its index and why."""

    step: int
    reason: str


class Claiming(Protocol):
    """A step as far as replay looks at it."""

    @property
    def i(self) -> int:
        """Position of the step."""
        ...

    @property
    def claim(self) -> Claim | None:
        """What the step asserts, if anything."""
        ...


class Replayable(Protocol):
    """Anything with steps that may claim something; a trace above all."""

    @property
    def steps(self) -> Sequence[Claiming]:
        """The steps in order."""
        ...


def replay(trace: Replayable) -> StepFault | None:
    """Replay every claim of a trace in order; return the first fault, or None if all hold.

    A step without a claim asserts nothing and is passed over.
    """
    results: dict[int, Value] = {}
    for step in trace.steps:
        if step.claim is None:
            continue
        reason = check_claim(step.claim, results)
        if reason is not None:
            return StepFault(step=step.i, reason=reason)
        results[step.i] = step.claim.result
    return None


def check_claim(claim: Claim, results: Mapping[int, Value]) -> str | None:
    """Replay one claim; return why it is wrong, or None.

    Args:
        claim: The claim.
        results: Results of the earlier steps that carry claims.
    """
    operator = OPERATORS.get(claim.op)
    if operator is None:
        return f"unknown operator {claim.op!r}"
    args: list[Value] = []
    for arg in claim.args:
        if isinstance(arg, StepRef):
            if arg.step not in results:
                return f"refers to step {arg.step}, which is not an earlier step with a claim"
            args.append(results[arg.step])
        else:
            args.append(arg)
    try:
        actual = operator(args)
    except (TypeError, ValueError, ArithmeticError, IndexError) as error:
        return f"{claim.op} cannot be applied: {error}"
    if not same_value(actual, claim.result):
        return f"{claim.op} gives {actual!r}, not {claim.result!r}"
    return None


def same_value(left: Value, right: Value) -> bool:
    """Compare two JSON values exactly; ``1`` and ``1.0`` are equal, ``1`` and ``true`` are not.

    Floats agree to 12 significant digits: a replay may add the same terms in another order, and
    real differences in a trace are never that small.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right or (
            isinstance(left, float) | isinstance(right, float)
            and math.isclose(left, right, rel_tol=1e-12)
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_value, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_value(left[k], right[k]) for k in left)
    return type(left) is type(right) and left == right


Operator = Callable[[Sequence[Value]], Value]


def _numbers(args: Sequence[Value]) -> list[int | float]:
    return [_number(arg) for arg in args]


def _number(value: Value) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return value


def _integers(args: Sequence[Value]) -> list[int]:
    for arg in args:
        if isinstance(arg, bool) or not isinstance(arg, int):
            raise TypeError(f"{arg!r} is not an integer")
    return [arg for arg in args if isinstance(arg, int)]


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a string")
    return value


def _list(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return value


def _exact(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _two(args: Sequence[Value]) -> tuple[Fraction, Fraction]:
    left, right = (Fraction(str(number)) for number in _numbers(args))
    return left, right


def _add(args: Sequence[Value]) -> Value:
    return _exact(sum((Fraction(str(n)) for n in _numbers(args)), Fraction(0)))


def _subtract(args: Sequence[Value]) -> Value:
    left, right = _two(args)
    return _exact(left - right)


def _multiply(args: Sequence[Value]) -> Value:
    return _exact(math.prod((Fraction(str(n)) for n in _numbers(args)), start=Fraction(1)))


def _divide(args: Sequence[Value]) -> Value:
    left, right = _two(args)
    return _exact(left / right)


def _floor_divide(args: Sequence[Value]) -> Value:
    left, right = _integers(args)
    return left // right


def _modulo(args: Sequence[Value]) -> Value:
    left, right = _integers(args)
    return left % right


def _add_mod(args: Sequence[Value]) -> Value:
    left, right, modulus = _integers(args)
    return (left + right) % modulus


def _subtract_mod(args: Sequence[Value]) -> Value:
    left, right, modulus = _integers(args)
    return (left - right) % modulus


def _multiply_mod(args: Sequence[Value]) -> Value:
    left, right, modulus = _integers(args)
    return (left * right) % modulus


def _round(args: Sequence[Value]) -> Value:
    number, decimals = args
    (places,) = _integers([decimals])
    return round(_number(number), places)


def _concatenate(args: Sequence[Value]) -> Value:
    return "".join(_text(arg) for arg in args)


def _char_at(args: Sequence[Value]) -> Value:
    text, index = args
    (position,) = _integers([index])
    if position < 0:
        raise IndexError("a position counts from 0")
    return _text(text)[position]


def _reverse(args: Sequence[Value]) -> Value:
    (value,) = args
    return list(reversed(value)) if isinstance(value, list) else _text(value)[::-1]


def _count(args: Sequence[Value]) -> Value:
    where, what = args
    if isinstance(where, str):
        return where.count(_text(what))
    return sum(same_value(item, what) for item in _list(where))


def _length(args: Sequence[Value]) -> Value:
    (value,) = args
    return len(value) if isinstance(value, str) else len(_list(value))


def _sort(args: Sequence[Value]) -> Value:
    (value,) = args
    items = _list(value)
    if all(isinstance(item, str) for item in items):
        return sorted(items, key=_text)
    return sorted(items, key=_number)


def _minimum(args: Sequence[Value]) -> Value:
    return _list(_sort(args))[0]


def _remove(args: Sequence[Value]) -> Value:
    where, what = args
    items = list(_list(where))
    for index, item in enumerate(items):
        if same_value(item, what):
            return items[:index] + items[index + 1 :]
    raise ValueError(f"{what!r} is not in the list")


def _append(args: Sequence[Value]) -> Value:
    items, item = args
    return [*_list(items), item]


def _equal(args: Sequence[Value]) -> Value:
    left, right = args
    return same_value(left, right)


def _quote(args: Sequence[Value]) -> Value:
    (value,) = args
    return value


OPERATORS: Mapping[str, Operator] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "floor_divide": _floor_divide,
    "modulo": _modulo,
    "add_mod": _add_mod,
    "subtract_mod": _subtract_mod,
    "multiply_mod": _multiply_mod,
    "round": _round,
    "concatenate": _concatenate,
    "char_at": _char_at,
    "reverse": _reverse,
    "count": _count,
    "length": _length,
    "sort": _sort,
    "minimum": _minimum,
    "remove": _remove,
    "append": _append,
    "equal": _equal,
    "quote": _quote,
}
"""Every operator a claim may use. ``quote`` states a value that an execution printed; its proof
is the hook of the episode, not the replay."""
