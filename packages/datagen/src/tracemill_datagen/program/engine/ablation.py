"""Guards against programs that say more than they mean, or decide by too little data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, close, groups_in, rows_in
from tracemill_datagen.program.draft import Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter

MIN_ROWS = 5
"""Fewest rows that a selection or a compared group may leave."""

_COMPARED = frozenset({"group_mean", "group_median", "group_max", "group_min"})


def check_selections(
    expression: Expression,
    interpreter: Interpreter,
    same: Callable[[Datum, Datum], bool],
    *,
    least: int = MIN_ROWS,
) -> None:
    """Check that every selection keeps enough rows and that dropping it changes the answer.

    Of a decision only the branch that is taken can change the answer; see ``check_needed``.

    Args:
        expression: The program.
        interpreter: The gold engine on its table.
        same: Tells whether two values are the same answer at the asked precision.
        least: Fewest rows that a selection must keep; the best of some may be 3.

    Raises:
        Rejected: ``too_few_rows``, or ``dead_filter`` with the selection's name.
    """
    probe = _Probe(expression, interpreter, same)
    for part in live(expression, interpreter):
        if not part.operator.selects:
            continue
        kept = len(rows_in(interpreter.value(part)))
        if kept < least and not (part.op.endswith("_rows") and kept >= 3):
            raise Rejected("too_few_rows", f"{part.op} keeps {kept}")
        if probe.is_unchanged(part, part.inputs[0]):
            raise Rejected("dead_filter", part.op)


def check_needed(
    expression: Expression, interpreter: Interpreter, same: Callable[[Datum, Datum], bool]
) -> None:
    """Check that the answer changes if any operator is dropped that can be dropped.

    An operator can be dropped where it takes a value of the type that it gives: its operand then
    stands for it. Selections are left to ``check_selections``. What stands in a condition or in the
    branch that is not taken cannot change the answer; there the condition's operand or the branch
    must change instead.

    Raises:
        Rejected: ``dead_operator``, or ``dead_decision`` if both branches give the same answer.
    """
    probe = _Probe(expression, interpreter, same)
    for part in live(expression, interpreter):
        output = part.operator.output
        if part.operator.decides:
            taken = interpreter.value(part.inputs[0])
            other = part.inputs[2 if taken else 1]
            if probe.is_unchanged(part, other):
                raise Rejected("dead_decision", part.op)
            for aside in (*part.inputs[0].inputs, other):
                check_selections(aside, interpreter, _equal, least=1)
                check_needed(aside, interpreter, _equal)
        elif not part.operator.selects:
            for operand in part.inputs:
                if operand.operator.output == output and probe.is_unchanged(part, operand):
                    raise Rejected("dead_operator", part.op)


def live(expression: Expression, interpreter: Interpreter) -> tuple[Expression, ...]:
    """Return the parts that the answer is made of: of a decision, those of the taken branch."""
    found: dict[str, Expression] = {}

    def walk(part: Expression) -> None:
        if part.canonical in found:
            return
        found[part.canonical] = part
        if part.operator.decides:
            walk(part.inputs[1 if interpreter.value(part.inputs[0]) else 2])
            return
        for operand in part.inputs:
            walk(operand)

    walk(expression)
    return tuple(found.values())


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


@dataclass(frozen=True, slots=True)
class _Probe:
    """A program in which parts are dropped to see whether the answer stays."""

    expression: Expression
    interpreter: Interpreter
    same: Callable[[Datum, Datum], bool]

    def is_unchanged(self, dropped: Expression, by: Expression) -> bool:
        """Tell whether a part may be replaced by one of its operands without a change."""
        gold = self.interpreter.value(self.expression)
        try:
            other = self.interpreter.value(_replaced(self.expression, dropped, by))
        except Rejected:
            return False  # without it there is no answer at all, so it matters
        return self.same(other, gold)


def _replaced(expression: Expression, dropped: Expression, by: Expression) -> Expression:
    if expression is dropped or expression.canonical == dropped.canonical:
        return by
    inputs = tuple(_replaced(operand, dropped, by) for operand in expression.inputs)
    unchanged = all(new is old for new, old in zip(inputs, expression.inputs, strict=True))
    return expression if unchanged else expression.using(*inputs)


def _equal(left: Datum, right: Datum) -> bool:
    if isinstance(left, int | float) and isinstance(right, int | float):
        return close(left, right)
    return left == right
