"""Normal forms: what a program says that changes nothing, and what may change places.

Two programs with one normal form have the same value on every table, so that engines may keep one
value for both. What changes nothing only on some tables is found by ``ablation.py`` there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracemill_datagen.program.operator import Parameters
from tracemill_schema.canonical import Value

Step = tuple[str, Parameters]
"""A selection by cells: operator and literals."""

_ORDER: Mapping[str, int] = {
    "filter_greater": 1,
    "filter_after": 1,
    "filter_less": -1,
    "filter_before": -1,
}
"""Comparisons of a cell with a literal, and to which side of it the cell must lie."""

_TESTS = frozenset({*_ORDER, "filter_not_equal"})
"""Comparisons that a stricter one of the same column may imply."""


def reduced(steps: Sequence[Step]) -> list[Step]:
    """Return a set of selections without those that another one of the set implies."""
    kept = list(steps)
    for step in steps:
        others = list(kept)
        others.remove(step)
        if any(implies(other, step) for other in others):
            kept = others
    return kept


def implies(stronger: Step, weaker: Step) -> bool:
    """Tell whether every row that passes one selection passes the other, on any table."""
    (op, wanted), (other, given) = stronger, weaker
    if op == "complete_rows":
        return other in {"complete_rows", "not_null"}
    if other == "complete_rows" or wanted.get("column") != given.get("column"):
        return False
    if stronger == weaker:
        return True
    if other == "not_null":
        return op in _TESTS or op == "filter_equal"
    comparable = other in _TESTS and "value" in wanted and "value" in given
    return comparable and _tighter(op, wanted["value"], other, given["value"])


def _tighter(op: str, here: Value, other: str, there: Value) -> bool:
    """Tell whether passing one comparison with a literal means passing the other."""
    if isinstance(here, str) != isinstance(there, str):
        return False
    if op == "filter_equal":
        return _passes(here, other, there)
    if op == other:
        return op in _ORDER and _passes(here, op, there)
    # Greater than 5 implies other than 5 and other than anything less.
    return other == "filter_not_equal" and op in _ORDER and not _passes(there, op, here)


def _passes(cell: Value, op: str, literal: Value) -> bool:
    """Tell whether a cell passes a comparison; both are numbers, or both text."""
    if op not in _ORDER:
        return cell != literal
    left, right = (cell, literal) if _ORDER[op] > 0 else (literal, cell)
    return bool(left > right)  # type: ignore[operator]  # checked by _tighter


def decision(
    flag: str, operands: Sequence[str], parameters: str, branches: Sequence[str]
) -> tuple[str, list[str]]:
    """Return a decision's condition and branches in the one of two ways that comes first.

    ``is_greater(b, a)`` with its branches exchanged is ``is_greater(a, b)``, and ``is_below`` is
    ``is_above``: neither has a value where both sides are as good as equal.

    Args:
        flag: The condition's operator.
        operands: Its operands, written.
        parameters: Its literals, written after a comma, or nothing.
        branches: Both branches, written.

    Returns:
        The written condition and the branches in their order.
    """
    turned = list(branches)
    ordered = list(operands)
    if flag == "is_greater" and ordered[1] < ordered[0]:
        ordered.reverse()
        turned.reverse()
    elif flag == "is_below":
        flag = "is_above"
        turned.reverse()
    return f"{flag}({','.join(ordered)}{parameters})", turned
