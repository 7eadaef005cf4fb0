"""A program in English."""

from __future__ import annotations

from tracemill_datagen.program.draft import Expression


def phrase_of(expression: Expression) -> str:
    """Return the noun phrase that names an expression's value, without rounding or conventions."""
    operands = [phrase_of(operand) for operand in expression.inputs]
    return expression.operator.phrase(expression.parameters, operands)
