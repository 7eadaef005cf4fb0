"""The second engine: the same programs as SQL, run by sqlite3 on a table in memory.

It shares no arithmetic with the interpreter: means, sums, medians, quantiles and correlations are
written in SQL. It shares the operator's literals and the table's cells.
"""

from __future__ import annotations

import math
import sqlite3
from types import TracebackType
from typing import Self

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Label, label_of
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.operator import SqlScope
from tracemill_datagen.table.sheet import Sheet


class SqlEngine:
    """One table loaded into sqlite; close it, or use it as a context manager."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._connection = sqlite3.connect(":memory:")
        # sqlite's own sqrt() is optional at compile time, so the square root is registered.
        self._connection.create_function("root", 1, _root, deterministic=True)
        names = ", ".join(f"c{position}" for position in range(len(sheet.columns)))
        marks = ", ".join("?" for _ in range(len(sheet.columns) + 1))
        self._connection.execute(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {names})")
        cells = (column.values for column in sheet.columns)
        insert = f"INSERT INTO t VALUES ({marks})"  # noqa: S608 - made of counted marks only
        self._connection.executemany(insert, zip(range(sheet.rows), *cells, strict=True))

    def value(self, expression: Expression) -> Datum:
        """Return the value of a program whose answer is a number, a label or a list.

        Raises:
            Rejected: ``no_value`` if SQL gives none, ``sql_overflow`` if an integer sum leaves
                64 bits.
        """
        scope = SqlScope(self._sheet)
        sql = statement(expression, scope)
        listed = expression.operator.output == "list"
        try:
            found = self._connection.execute(sql if listed else f"SELECT {sql}", scope.values)
            rows = found.fetchall()
        except sqlite3.OperationalError as error:
            if "integer overflow" not in str(error):
                raise
            raise Rejected("sql_overflow", expression.op) from error
        if listed:
            return tuple(_label(row[0]) for row in rows)
        value = rows[0][0]
        if not isinstance(value, int | float | str):
            raise Rejected("no_value", expression.op)
        return value

    def close(self) -> None:
        """Free the table."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def statement(expression: Expression, scope: SqlScope) -> str:
    """Return the SQL fragment of an expression; its literals are bound in ``scope``."""
    operands = [statement(operand, scope) for operand in expression.inputs]
    return expression.operator.sql(scope, expression.parameters, operands)


def _label(value: object) -> Label:
    if isinstance(value, str | int):
        return label_of(value)
    raise Rejected("no_value", f"{value!r} in a list")


def _root(value: float | None) -> float | None:
    return None if value is None or value < 0 else math.sqrt(value)
