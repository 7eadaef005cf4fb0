"""Guards against programs that say more than they mean, or decide by too little data."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, groups_in, rows_in
from tracemill_datagen.program.draft import Expression, call
from tracemill_datagen.program.interpreter import Interpreter

MIN_ROWS = 5
"""Fewest rows that a selection or a compared group may leave."""

_COMPARED = frozenset({"group_mean", "group_median", "group_max", "group_min"})


def check_selections(
    expression: Expression, interpreter: Interpreter, same: Callable[[Datum, Datum], bool]
) -> None:
    """Check that every selection keeps enough rows and that dropping it changes the answer.

    Args:
        expression: The program.
        interpreter: The gold engine on its table.
        same: Tells whether two values are the same answer at the asked precision.

    Raises:
        Rejected: ``too_few_rows``, or ``dead_filter`` with the selection's name.
    """
    gold = interpreter.value(expression)
    for part in expression.parts():
        if not part.operator.selects:
            continue
        kept = len(rows_in(interpreter.value(part)))
        if kept < MIN_ROWS and not (part.op.endswith("_rows") and kept >= 3):
            raise Rejected("too_few_rows", f"{part.op} keeps {kept}")
        try:
            without = interpreter.value(_without(expression, part))
        except Rejected:
            continue  # without it there is no answer at all, so it matters
        if same(without, gold):
            raise Rejected("dead_filter", part.op)


def check_groups(expression: Expression, interpreter: Interpreter) -> None:
    """Check that groups that are compared by a mean, median or extreme have enough rows.

    Raises:
        Rejected: ``small_group``.
    """
    for part in expression.parts():
        if part.op not in _COMPARED:
            continue
        sizes = groups_in(
            interpreter.value(call("group_count", part.inputs[0], by=part.parameters["by"]))
        )
        for label, size in sizes.items():
            if size < MIN_ROWS:
                raise Rejected("small_group", f"{label} has {size} rows")


def check_columns(expression: Expression) -> None:
    """Check that no column is grouped or listed that an equality filter has already decided.

    Raises:
        Rejected: ``decided_by_filter``.
    """
    for part in expression.parts():
        read = part.parameters.get("by" if part.op.startswith("group_") else "column")
        if part.op != "labels" and not part.op.startswith("group_"):
            continue
        below = part.parts()
        if any(p.op == "filter_equal" and p.parameters["column"] == read for p in below):
            raise Rejected("decided_by_filter", str(read))


def _without(expression: Expression, dropped: Expression) -> Expression:
    if expression is dropped or expression.canonical == dropped.canonical:
        return expression.inputs[0]
    inputs = tuple(_without(operand, dropped) for operand in expression.inputs)
    unchanged = all(new is old for new, old in zip(inputs, expression.inputs, strict=True))
    return expression if unchanged else expression.using(*inputs)
