"""The second engine: the same programs as SQL, run by sqlite3 on a table in memory.

It shares no arithmetic with the interpreter: means, sums, medians, quantiles and correlations are
written in SQL; Kendall's and tail probabilities are functions of our own (``pairwise.py``,
``operators/tail.py``). It shares the operator's literals and the table's cells.
"""

from __future__ import annotations

import math
import sqlite3
from types import TracebackType
from typing import Self

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum, Label, label_of
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.engine.loading import load
from tracemill_datagen.program.engine.pairwise import TauB
from tracemill_datagen.program.operator import SqlScope
from tracemill_datagen.program.operators.tail import SQL_FUNCTIONS
from tracemill_datagen.table.sheet import Sheet

KEPT_VALUES = 20_000
"""Values of whole statements kept for reuse."""

KEPT_ROWS = 200
"""Sets of rows kept as tables of ids: of 20,000 rows each some 30 MB in all. A program adds a few
more before they are dropped."""

SMALL_TABLE = 2_000
"""Up to so many rows a condition on cells is tested again wherever its rows are read: that takes
some 0.02 ms where storing their ids would take 0.1 ms."""

KEPT_STATEMENTS = 1_000
"""Compiled statements kept by the connection."""

_SCALARS = frozenset({"number", "label", "flag"})


class SqlEngine:
    """One table loaded into sqlite; close it, or use it as a context manager."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._connection = sqlite3.connect(":memory:", cached_statements=KEPT_STATEMENTS)
        # sqlite's own sqrt() is optional at compile time, so the square root is registered.
        self._connection.create_function("root", 1, _root, deterministic=True)
        for name, arguments, function in SQL_FUNCTIONS:
            self._connection.create_function(name, arguments, function, deterministic=True)
        # typeshed knows aggregates of one integer with an integer value only.
        self._connection.create_aggregate("tau_b", 2, TauB)  # type: ignore[arg-type]
        self._values: dict[str, Datum | Rejected] = {}
        self._asked: set[str] = set()
        self._kept: dict[str, str] = {}
        self._stored_so_far = 0
        load(self._connection, sheet)

    def value(self, expression: Expression) -> Datum:
        """Return the value of a program whose answer is a number, a label, a flag or a list.

        Numbers, labels and flags inside it are evaluated by statements of their own, and rows that
        are asked for again are kept as a table of their ids: both are shared by all programs.

        Raises:
            Rejected: ``no_value`` if SQL gives none, ``sql_overflow`` if an integer sum leaves
                64 bits.
        """
        self._forget()
        return self._value(expression)

    def _value(self, expression: Expression) -> Datum:
        key = expression.canonical
        known = self._values.get(key)
        if known is None:
            if len(self._values) > KEPT_VALUES:
                self._values.clear()
            try:
                known = self._computed(expression)
            except Rejected as rejection:
                known = rejection
            self._values[key] = known
        if isinstance(known, Rejected):
            raise known
        return known

    def _forget(self) -> None:
        """Drop the stored rows if there are many; only while no statement is being written."""
        if len(self._kept) >= KEPT_ROWS:
            for table in self._kept.values():
                self._connection.execute(f"DROP TABLE {table}")
            self._kept.clear()

    def _computed(self, expression: Expression) -> Datum:
        scope = SqlScope(self._sheet)
        sql = self._applied(expression, scope)
        listed = expression.operator.output == "list"
        rows = self._fetched(expression, sql if listed else f"SELECT {sql}", scope)
        if listed:
            return tuple(_label(row[0]) for row in rows)
        value = rows[0][0]
        if not isinstance(value, int | float | str):
            raise Rejected("no_value", expression.op)
        return value

    def _fetched(self, expression: Expression, sql: str, scope: SqlScope) -> list[tuple[object]]:
        try:
            return self._connection.execute(sql, scope.values).fetchall()
        except sqlite3.OperationalError as error:
            if "integer overflow" not in str(error):
                raise
            raise Rejected("sql_overflow", expression.op) from error

    def _applied(self, expression: Expression, scope: SqlScope) -> str:
        operands = [self._operand(operand, scope) for operand in expression.inputs]
        return expression.operator.sql(scope, expression.parameters, operands)

    def _operand(self, expression: Expression, scope: SqlScope) -> str:
        output = expression.operator.output
        if output in _SCALARS:
            value = self._value(expression)
            return scope.literal(value) if isinstance(value, int | float | str) else ""
        if output != "rows" or expression.op == "table":
            return self._applied(expression, scope)
        return self._rows(expression, scope)

    def _rows(self, expression: Expression, scope: SqlScope) -> str:
        """Return a condition for rows: written out the first time, then by their ids.

        Of a small table a condition on cells is written out each time.
        """
        if self._sheet.rows <= SMALL_TABLE and expression.operator.commutes:
            return self._applied(expression, scope)
        key = expression.canonical
        if key not in self._kept:
            simple = all(part.op == "table" for part in expression.inputs)
            if key not in self._asked and simple:
                self._asked.add(key)
                return self._applied(expression, scope)
            self._kept[key] = self._stored(expression)
        return f"id IN {self._kept[key]}"

    def _stored(self, expression: Expression) -> str:
        """Store the ids of rows in a table and return its name."""
        own = SqlScope(self._sheet)
        condition = self._applied(expression, own)
        name = f"r{self._stored_so_far}"
        self._stored_so_far += 1
        self._connection.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY)")
        insert = f"INSERT INTO {name} SELECT id FROM t WHERE {condition}"  # noqa: S608 - see statement
        self._fetched(expression, insert, own)
        return name

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
