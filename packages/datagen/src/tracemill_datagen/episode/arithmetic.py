"""Lines that only calculate: ``a - b``, ``100 * a / b``, ``round(a, 2)`` over values already known.

Such a line can be calculated again from the record alone, without a sandbox.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tracemill_schema.canonical import Value
from tracemill_schema.claim import same_value

Operation = Literal["add", "subtract", "multiply", "divide", "round", "quote"]
"""Names of claim operators (tracemill_schema.claim) that mean the same as the Python text;
``quote`` is a line that hands a value on, as ``int(a)`` does."""

OPERATIONS: Mapping[type[ast.operator], Operation] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}

CONVERSIONS = frozenset({"float", "int", "str"})
"""Calls that change a value's type; around a name they hand its value on."""

LAST_BITS = 1e-9
"""Relative difference that two ways of calculating the same may have (numpy sums in pairs, its
``round`` scales first); a changed digit of a shown number is far larger."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """An operand that an earlier line bound."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """One operation on names, literal numbers and other calculations."""

    operation: Operation
    operands: tuple[Operand, ...]


Operand = Named | Calculation | int | float


class _Unknown(Exception):
    """A value that the calculation needs is not known, or it has no finite result."""


def calculation(expression: ast.expr) -> Calculation | None:
    """Read an expression as a calculation; None if it is anything else."""
    if isinstance(expression, ast.Name):
        return Calculation(operation="quote", operands=(Named(name=expression.id),))
    if isinstance(expression, ast.Call) and _called(expression) in CONVERSIONS:
        bare = _unwrapped(expression)
        return calculation(bare) if isinstance(bare, ast.Name) else None
    operand = _operand(expression)
    return operand if isinstance(operand, Calculation) else None


def calculated(formula: Calculation, known: Mapping[str, Value]) -> Value:
    """Calculate in binary floating point, as the sandbox did; None if it cannot be done."""
    try:
        return _value(formula, known)[0]
    except _Unknown:
        return None


def agrees(formula: Calculation, known: Mapping[str, Value], result: Value) -> bool | None:
    """Tell whether ``result`` is what the formula gives, up to the last bits.

    For ``round`` a value in the middle between two results may have gone either way.

    Args:
        formula: The calculation.
        known: Values of the names that earlier lines bound.
        result: What the line is said to have given.

    Returns:
        None if it cannot be told: an operand is not known or not a number.
    """
    try:
        wanted, largest = _value(formula, known)
        if formula.operation == "quote":
            return _handed_on(wanted, result)
        number = _number(wanted)
        if formula.operation == "round":
            return _rounds_to(formula, known, result)
    except _Unknown:
        return None
    given = isinstance(result, int | float) and not isinstance(result, bool)
    return given and abs(float(result) - number) <= LAST_BITS * largest  # type: ignore[arg-type]  # given says that it is a number


def _handed_on(value: Value, result: Value) -> bool:
    if same_value(value, result) or str(value) == result:
        return True
    whole = isinstance(value, float) and isinstance(result, int)
    return whole and int(_number(value)) == result


def _rounds_to(formula: Calculation, known: Mapping[str, Value], result: Value) -> bool:
    if isinstance(result, bool) or not isinstance(result, int | float):
        return False
    number, places = (_number(_value(operand, known)[0]) for operand in formula.operands)
    step = 10.0 ** -int(places)
    near = abs(result - number) <= step / 2 + LAST_BITS * max(step, abs(number))
    return near and same_value(round(float(result), int(places)), float(result))


def _value(operand: Operand, known: Mapping[str, Value]) -> tuple[Value, float]:
    """Return a value, and the largest magnitude on the way to it."""
    if isinstance(operand, Named):
        if operand.name not in known:
            raise _Unknown
        value = known[operand.name]
        return value, _magnitude(value)
    if not isinstance(operand, Calculation):
        return operand, _magnitude(operand)
    parts = [_value(part, known) for part in operand.operands]
    if operand.operation == "quote":
        return parts[0]
    result = _calculate(operand.operation, *(_number(value) for value, _ in parts))
    return result, max(_magnitude(result), *(largest for _, largest in parts))


def _magnitude(value: Value) -> float:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return abs(float(value)) if numeric else 0.0  # type: ignore[arg-type]  # numeric says that it is a number


def _number(value: Value) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Unknown
    return value


def _calculate(operation: Operation, left: float, right: float) -> float | int:
    try:
        match operation:
            case "add":
                return left + right
            case "subtract":
                return left - right
            case "multiply":
                return left * right
            case "divide":
                return left / right
            case "round":
                return round(left, int(right))
            case "quote":
                raise _Unknown
    except ArithmeticError as error:
        raise _Unknown from error


def _unwrapped(expression: ast.expr) -> ast.expr:
    while (
        isinstance(expression, ast.Call)
        and _called(expression) in CONVERSIONS
        and len(expression.args) == 1
    ):
        expression = expression.args[0]
    return expression


def _called(call: ast.Call) -> str | None:
    return call.func.id if isinstance(call.func, ast.Name) and not call.keywords else None


def _operand(expression: ast.expr) -> Operand | None:
    if isinstance(expression, ast.Name):
        return Named(name=expression.id)
    if isinstance(expression, ast.BinOp) and type(expression.op) in OPERATIONS:
        return _made(OPERATIONS[type(expression.op)], expression.left, expression.right)
    if isinstance(expression, ast.Call):
        return _of_call(expression)
    negative = isinstance(expression, ast.UnaryOp) and isinstance(expression.op, ast.USub)
    constant = expression.operand if isinstance(expression, ast.UnaryOp) else expression
    literal = constant.value if isinstance(constant, ast.Constant) else None
    if isinstance(literal, bool) or not isinstance(literal, int | float):
        return None
    return -literal if negative else literal


def _of_call(call: ast.Call) -> Operand | None:
    called = _called(call)
    if called == "float" and len(call.args) == 1:
        return _operand(call.args[0])
    if called == "round" and 1 <= len(call.args) <= 2:
        places = call.args[1] if len(call.args) == 2 else ast.Constant(value=0)
        return _made("round", call.args[0], places)
    return None


def _made(operation: Operation, *parts: ast.expr) -> Calculation | None:
    operands = tuple(_operand(part) for part in parts)
    known = tuple(operand for operand in operands if operand is not None)
    return Calculation(operation=operation, operands=known) if len(known) == len(parts) else None
