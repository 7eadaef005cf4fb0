"""The gold engine: evaluates expressions over the columns of one table."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Cells, Datum, Groups, Number, Rows
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.table.role import MAX_MAGNITUDE
from tracemill_datagen.table.sheet import Sheet

CACHED_CELLS = 4_000_000
"""Cells kept in memory for reuse by other programs on the same table: at most about 100 MB."""


class Interpreter:
    """Evaluates programs on one table; equal sub-expressions are evaluated once.

    Args:
        sheet: The table.
        kept_cells: Cells kept for reuse.
        otherwise: An interpreter of the same table but for one column, and that column's name: it
            evaluates what does not read the column.
    """

    def __init__(
        self,
        sheet: Sheet,
        *,
        kept_cells: int | None = None,
        otherwise: tuple[Interpreter, str] | None = None,
    ) -> None:
        self.sheet = sheet
        self._otherwise = otherwise
        self._limit = CACHED_CELLS if kept_cells is None else kept_cells
        self._known: dict[str, Datum] = {}
        self._refused: dict[str, Rejected] = {}
        self._cells = 0

    def value(self, expression: Expression) -> Datum:
        """Return an expression's value.

        Raises:
            Rejected: if it has none on this table (a tie, no rows, a division by zero, ...), or it
                is a number that cannot be told exactly (``not_finite``, ``too_large``).
        """
        if self._otherwise is not None and self._otherwise[1] not in expression.columns:
            return self._otherwise[0].value(expression)
        key = expression.canonical
        if key in self._known:
            return self._known[key]
        if key in self._refused:
            raise self._refused[key]
        try:
            datum = self._evaluated(expression)
        except Rejected as rejection:
            self._refused[key] = rejection
            raise
        self._keep(key, datum)
        return datum

    def _evaluated(self, expression: Expression) -> Datum:
        operands = [self.value(operand) for operand in expression.inputs]
        try:
            datum = expression.operator.evaluate(self.sheet, expression.parameters, operands)
        except (OverflowError, ValueError) as error:  # float powers and math.fsum
            raise Rejected("not_finite", expression.op) from error
        for number in _numbers(datum):
            if not math.isfinite(number):
                raise Rejected("not_finite", expression.op)
            if abs(number) > MAX_MAGNITUDE:
                raise Rejected("too_large", expression.op)
        return datum

    def _keep(self, key: str, datum: Datum) -> None:
        self._cells += _size(datum)
        if self._cells > self._limit:
            self._known.clear()
            self._cells = _size(datum)
        self._known[key] = datum


def _numbers(datum: Datum) -> Iterable[Number]:
    """Return the numbers that were computed; columns are as they stand in the table."""
    if isinstance(datum, Groups):
        return datum.values.values()
    return (datum,) if isinstance(datum, int | float) else ()


def _size(datum: Datum) -> int:
    if isinstance(datum, Rows):
        return len(datum.positions)
    return len(datum.rows) if isinstance(datum, Cells) else 1
