"""The prompt of a trace about a table: the question and what it needs to know of the table."""

from __future__ import annotations

import ast

from tracemill_schema.question import Question
from tracemill_schema.table import Column, Table

MAX_COLUMNS = 12
"""Columns that are described; the programs of the grammar read at most a handful."""

MAX_NAME = 60
"""Characters of a column's or table's name that are shown."""


def prompt_of(question: Question, table: Table) -> str:
    """Return the question's text and, on a line of its own, the table with the columns needed.

    Args:
        question: The question; columns are needed whose names stand in its program's text.
        table: The profile of the table that it is about.
    """
    needed = _needed(question, table)
    said = ", ".join(_described(column) for column in needed[:MAX_COLUMNS])
    more = f" and {len(needed) - MAX_COLUMNS} more" if len(needed) > MAX_COLUMNS else ""
    rows = f"{table.rows} row{'' if table.rows == 1 else 's'}"
    return f"{question.prompt}\nTable {_short(table.name)}: {rows}; columns {said}{more}."


def _needed(question: Question, table: Table) -> tuple[Column, ...]:
    source = question.program.source if question.program else None
    named = _texts(source or "")
    return tuple(column for column in table.columns if column.name in named) or table.columns


def _texts(source: str) -> frozenset[str]:
    """Return the text literals of a program; none if it cannot be read."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return frozenset(value for value in constants if isinstance(value, str))


def _described(column: Column) -> str:
    unit = f", {column.unit}" if column.unit else ""
    return f"{_short(column.name)} ({column.kind}{unit})"


def _short(name: str) -> str:
    folded = " ".join(name.split())
    return folded if len(folded) <= MAX_NAME else folded[: MAX_NAME - 3] + "..."
