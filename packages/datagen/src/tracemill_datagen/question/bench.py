"""Two engines on one table: what both give is gold."""

from __future__ import annotations

from functools import cached_property
from types import TracebackType
from typing import Self

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Cells, Datum, Groups, Rows
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.engine.altered import Altered
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.engine.sqlite import SqlEngine
from tracemill_datagen.program.grammar.grammar import Grammar
from tracemill_datagen.table.role import MAX_MAGNITUDE, roles_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.answer import near_rounding_edge, rounded
from tracemill_schema.canonical import Value


class Bench:
    """The column interpreter and sqlite on one table; use as a context manager."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.roles = roles_of(sheet)
        self.interpreter = Interpreter(sheet)
        self.altered = Altered(sheet, self.interpreter)
        self._sql = SqlEngine(sheet)

    @cached_property
    def grammar(self) -> Grammar:
        """All programs of the table."""
        return Grammar(self.roles, self.sheet)

    def confirmed(self, expression: Expression, decimals: int | None) -> Value:
        """Return an answer on which both engines agree, rounded as asked.

        Args:
            expression: A program whose answer is a number, a label or a list.
            decimals: Digits after the point for a float answer.

        Raises:
            Rejected: ``near_rounding_edge``, ``engines_disagree``, or the interpreter's reason.
        """
        gold = self.interpreter.value(expression)
        if isinstance(gold, float) and near_rounding_edge(gold, decimals or 0):
            raise Rejected("near_rounding_edge", repr(gold))
        answer = shown(gold, decimals)
        second = self._sql.value(expression)
        if not agree(answer, second, decimals):
            detail = f"{expression.canonical}: interpreter {gold!r}, sqlite {second!r}"
            raise Rejected("engines_disagree", detail)
        if answer == 0 and gold != 0:
            raise Rejected("vanishes", f"{gold!r} to {decimals} decimals")
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sql.close()


def shown(value: Datum, decimals: int | None) -> Value:
    """Return a value as an answer: floats rounded half away from zero, lists as lists."""
    if isinstance(value, Rows | Cells | Groups):
        raise TypeError(f"{type(value).__name__} is not an answer")
    if isinstance(value, float):
        return rounded(value, decimals or 0)
    return list(value) if isinstance(value, tuple) else value


def alike(left: Datum, right: Datum, decimals: int | None) -> bool:
    """Tell whether two values are the same answer; floats far apart need no rounding for that."""
    if isinstance(left, float) and isinstance(right, float):
        # Rounding moves each by half a unit of the last digit at most.
        apart = abs(left - right) > 2 * 10.0 ** -(decimals or 0)
        return not apart and shown(left, decimals) == shown(right, decimals)
    return shown(left, decimals) == shown(right, decimals)


def agree(answer: Value, second: Datum, decimals: int | None) -> bool:
    """Tell whether the second engine's raw value gives the same answer."""
    if isinstance(second, int | float) and abs(second) > 2 * MAX_MAGNITUDE:
        return False  # no answer is that large, and infinity cannot be rounded
    if isinstance(answer, float) and isinstance(second, int | float):
        return rounded(float(second), decimals or 0) == answer
    return shown(second, decimals) == answer


def decimals_for(value: Datum) -> int | None:
    """Choose how many decimals to ask for: none for what is no float, more below 1."""
    if not isinstance(value, float):
        return None
    return 2 if abs(value) >= 1 else 4
