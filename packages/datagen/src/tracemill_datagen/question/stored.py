"""The interpretation table as it is stored with a question, and its programs read back."""

from __future__ import annotations

from collections.abc import Sequence

from tracemill_datagen.convention.catalogue import BY_OPTION, OPTIONS
from tracemill_datagen.program.draft import Expression, call
from tracemill_datagen.question.interpretation import Interpretations, Row
from tracemill_schema.program import Node
from tracemill_schema.question import Interpretation

SEPARATOR = ", "
"""Between the names of several conventions of one reading."""


def stored(table: Interpretations, *, open_: bool) -> tuple[Interpretation, ...]:
    """Return a settled table as records.

    Args:
        table: The table.
        open_: True if the family leaves its readings open, so that the prompt pins none.
    """
    main = table.rows[0].result.reading.expression
    pinned = not open_ and any(row.excluded for row in table.rows)
    return tuple(
        _record(row, main, pinned=pinned and index == 0) for index, row in enumerate(table.rows)
    )


def program_of(row: Interpretation, main: Expression) -> Expression | None:
    """Return the program of a stored reading, or None if this version cannot tell it.

    Args:
        row: The stored reading.
        main: The question's own program.
    """
    return expression_from(row.nodes) if row.nodes else rewritten(main, row.conventions)


def expression_from(nodes: Sequence[Node]) -> Expression | None:
    """Return the expression that nodes say, or None if there is no such program."""
    built: list[Expression] = []
    try:
        for node in nodes:
            operands = (built[index] for index in node.inputs)
            built.append(call(node.op, *operands, **node.parameters))
    except (KeyError, TypeError, IndexError):
        return None
    return built[-1]


def rewritten(main: Expression, names: Sequence[str]) -> Expression | None:
    """Return a program under options of the catalogue; None if a name is none of them."""
    expression = main
    for name in names:
        if name not in OPTIONS:
            return main if tuple(names) == ("only",) else None
        expression = BY_OPTION[name].rewritten(expression, OPTIONS[name])
    return expression


def names_of(row: Row) -> tuple[str, ...]:
    """Return the names of a reading's conventions, each for itself."""
    first, *departures = row.names
    parts = first.split(SEPARATOR)
    known = all(part in OPTIONS for part in parts)
    return (*(parts if known else (first,)), *departures)


def _record(row: Row, main: Expression, *, pinned: bool) -> Interpretation:
    names, expression = names_of(row), row.result.reading.expression
    respelled = rewritten(main, names)
    known = respelled is not None and respelled.canonical == expression.canonical
    return Interpretation(
        conventions=names,
        status="stated" if pinned else "excluded" if row.excluded else "admissible",
        value=row.result.answer,
        why_none=row.result.why or None,
        **({} if known else {"nodes": expression.nodes()}),
    )
