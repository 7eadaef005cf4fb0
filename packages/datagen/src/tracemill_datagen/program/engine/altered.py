"""A table with one column's cells changed: an answer that stays the same did not depend on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.operator import columns_of
from tracemill_datagen.table.sheet import Sheet, SheetColumn

Change = Literal["moved", "mirrored", "stretched", "lowered"]
"""``moved``: cells go a third of the table on, and every third becomes another value of the column;
where the column has empty cells, every seventh becomes empty. ``mirrored``: the smallest value
becomes the largest and so on. ``stretched``: numbers grow, so that their extremes change too.
``lowered``: numbers lie below all that there were."""

CHANGES: tuple[Change, ...] = ("moved", "mirrored", "stretched", "lowered")

KEPT_CELLS = 300_000
"""Cells that each altered table keeps for reuse; there may be four such tables a column."""


class Altered:
    """The altered versions of one table, each made when it is first asked for."""

    def __init__(self, sheet: Sheet, unaltered: Interpreter) -> None:
        self._sheet = sheet
        self._unaltered = unaltered
        self._known: dict[tuple[str, Change], Interpreter] = {}

    def interpreter(self, column: str, change: Change) -> Interpreter:
        """Return the gold engine on the table with one column changed."""
        key = (column, change)
        if key not in self._known:
            changed = tuple(
                _CHANGED[change](each) if each.name == column else each
                for each in self._sheet.columns
            )
            sheet = replace(self._sheet, columns=changed)
            self._known[key] = Interpreter(
                sheet, kept_cells=KEPT_CELLS, otherwise=(self._unaltered, column)
            )
        return self._known[key]


def check_columns_matter(
    expression: Expression, gold: Datum, altered: Altered, same: Callable[[Datum, Datum], bool]
) -> None:
    """Check that changing any column that a program reads changes its answer.

    A column that nothing but selections by its cells read is left to ``check_selections``: where
    all its cells are changed to ones that pass, the selection is as good as dropped.

    Raises:
        Rejected: ``insensitive`` with the column's name.
    """
    measured = (p for p in expression.parts() if not p.operator.commutes)
    for column in dict.fromkeys(name for part in measured for name in columns_of(part.parameters)):
        if _is_insensitive(expression, gold, altered, column, same):
            raise Rejected("insensitive", column)


def check_conditions_turn(
    expression: Expression, interpreter: Interpreter, altered: Altered
) -> None:
    """Check that each condition that selects a branch can turn out the other way.

    Raises:
        Rejected: ``constant_condition`` if it reads no column, or no change of one turns it.
    """
    for part in expression.parts():
        if not part.operator.decides:
            continue
        flag = part.inputs[0]
        value = interpreter.value(flag)
        found = (
            altered.interpreter(column, change) for change in CHANGES for column in flag.columns
        )
        if not any(_is_other(flag, value, each) for each in found):
            raise Rejected("constant_condition", flag.op)


def _is_insensitive(
    expression: Expression,
    gold: Datum,
    altered: Altered,
    column: str,
    same: Callable[[Datum, Datum], bool],
) -> bool:
    """Tell whether some change leaves the answer as it is and none gives another.

    A change after which there is no answer at all (a tie, no rows) shows nothing by itself.
    """
    unchanged = False
    for change in CHANGES:
        try:
            found = altered.interpreter(column, change).value(expression)
        except Rejected:
            continue
        if not same(found, gold):
            return False
        unchanged = True
    return unchanged


def _is_other(flag: Expression, value: Datum, interpreter: Interpreter) -> bool:
    try:
        return interpreter.value(flag) != value
    except Rejected:
        return False


def _moved(column: SheetColumn) -> SheetColumn:
    codes, levels = np.roll(column.codes, -(len(column.values) // 3 + 1)), column.levels
    third = codes[::3]
    # The value that stands one half of all distinct values further on.
    third[third >= 0] = (third[third >= 0] + max(1, len(levels) // 2)) % max(1, len(levels))
    if column.nulls:
        codes[::7] = -1
    return column.holding(levels, codes)


def _mirrored(column: SheetColumn) -> SheetColumn:
    codes = column.codes
    return column.holding(column.levels, np.where(codes < 0, codes, codes.max() - codes))


def _stretched(column: SheetColumn) -> SheetColumn:
    if not column.numeric:
        return column
    return column.holding(tuple(2 * level + 1 for level in _numbers(column)), column.codes)


def _lowered(column: SheetColumn) -> SheetColumn:
    if not column.numeric:
        return column
    levels = _numbers(column)
    by = levels[-1] - levels[0] + 1
    return column.holding(tuple(level - by for level in levels), column.codes)


def _numbers(column: SheetColumn) -> list[int | float]:
    return [level for level in column.levels if not isinstance(level, str)]


_CHANGED: dict[Change, Callable[[SheetColumn], SheetColumn]] = {
    "moved": _moved,
    "mirrored": _mirrored,
    "stretched": _stretched,
    "lowered": _lowered,
}
