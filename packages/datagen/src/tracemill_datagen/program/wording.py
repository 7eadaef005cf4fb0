"""A program in English."""

from __future__ import annotations

from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.words import ALL_ROWS


def phrase_of(expression: Expression) -> str:
    """Return the noun phrase that names an expression's value, without rounding or conventions."""
    operands = [_operand(operand, of=expression) for operand in expression.inputs]
    return expression.operator.phrase(expression.parameters, operands)


def _operand(operand: Expression, *, of: Expression) -> str:
    """Phrase an operand; inside a condition even "over all rows" is said."""
    phrase = phrase_of(operand)
    compared = operand.operator.output == "number" and of.operator.output == "rows"
    if compared and not any(part.operator.selects for part in operand.parts()):
        return f"{phrase} over {ALL_ROWS}"
    return phrase
