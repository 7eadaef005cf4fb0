"""A table's profile as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from tracemill_datagen.table.amount import adds_up, is_timed
from tracemill_datagen.table.role import is_measured
from tracemill_datagen.table.unit import orders_rows
from tracemill_schema.table import Column, Table

MIN_NAME = 12
"""Characters of a column's name that are shown however narrow the terminal is."""

HEADER = (
    "column", "kind", "unit", "empty", "distinct", "tied", "groups", "min", "max", "mean", "order",
)  # fmt: skip
RIGHT = frozenset({"empty", "distinct", "tied", "groups", "min", "max", "mean"})
"""Columns of figures, aligned to the right."""

DROPPED = ("order", "groups", "mean", "tied", "unit", "max", "min")
"""What a narrow terminal goes without, in this order; ``--json`` has it all."""

LONGEST_MOMENT = len("2012-05-01T10:00:00")
"""Characters of a moment that are shown; what follows is a part of a second or an offset."""

_ORDERS = {
    "constant": "constant",
    "strictly increasing": "rises",
    "increasing": "rises, ties",
    "strictly decreasing": "falls",
    "decreasing": "falls, ties",
}


def shown(table: Table, *, width: int) -> str:
    """Return the profile, no line of its table wider than the terminal where that is possible.

    Args:
        table: The profile.
        width: Characters of a line.
    """
    lines = [
        f"{table.name}: {_count(table.rows, 'row')}, {_count(len(table.columns), 'column')}",
        f"source {table.source}; licence {table.licence}; id {table.id[:16]}",
        *_grid([_cells(column) for column in table.columns], width),
        *(f"note: {note}" for note in notes_of(table)),
    ]
    return "\n".join(line.rstrip() for line in lines)


def notes_of(table: Table) -> tuple[str, ...]:
    """Return what is odd about a table, a sentence each."""
    notes = list(table.facts.notes) if table.facts else []
    if table.facts and table.facts.duplicate_rows:
        rows = _count(table.facts.duplicate_rows, "row")
        notes.append(f"{rows} equal to an earlier one in every cell")
    if table.facts and table.facts.keys:
        keys = ", ".join(" + ".join(key) for key in table.facts.keys)
        notes.append(f"every row has its own: {keys}")
    notes.extend(_added(table))
    return (*notes, *(note for column in table.columns if (note := _oddity(column, table.rows))))


def _added(table: Table) -> list[str]:
    """Say which quantities are added up; nothing of a table without quantities."""
    timed = any(column.kind == "datetime" for column in table.columns)
    timed = timed or is_timed(tuple(column.name for column in table.columns))
    measured = [
        (column.name, column.facts.minimum)
        for column in table.columns
        if column.facts is not None and is_measured(column.name, column.kind, column.distinct)
    ]
    added = [
        name
        for name, least in measured
        if not isinstance(least, str | None) and adds_up(name, least, timed=timed)
    ]
    if not measured:
        return []
    return [f"questions add up {', '.join(added)}" if added else "questions add up no column"]


def _oddity(column: Column, rows: int) -> str | None:
    if column.nulls == rows:
        return f"{column.name} has no value in any row"
    facts = column.facts
    if facts is None:
        return None
    if facts.order == "constant" and rows > 1:
        return f"{column.name} has the same value in all its cells"
    if facts.identified_by:
        return f"{column.name} identifies, by {facts.identified_by}; it is never measured"
    if facts.number_like:
        part = f"{facts.number_like:,} of {rows - column.nulls:,} cells"
        return f"{column.name} is text, though {part} are written like numbers"
    return None


def _cells(column: Column) -> dict[str, str]:
    facts = column.facts
    cells = {
        "column": " ".join(column.name.split()),
        "kind": column.kind,
        "unit": column.unit or "",
        "empty": f"{column.nulls:,}",
        "distinct": f"{column.distinct:,}",
    }
    if facts is None:
        return cells
    groups = facts.groups
    is_grouped = groups is not None and groups.largest > 1
    return cells | {
        "tied": f"{facts.ties:,}",
        "groups": f"{groups.smallest:,}-{groups.largest:,}" if groups and is_grouped else "",
        "min": _figure(facts.minimum, column.name),
        "max": _figure(facts.maximum, column.name),
        "mean": _figure(facts.mean, column.name),
        "order": _ORDERS.get(facts.order or "", ""),
    }


def _grid(rows: Sequence[dict[str, str]], width: int) -> list[str]:
    """Return a line for the header and one for each row."""
    header = {name: name for name in HEADER}
    lengths = {name: max(len(row.get(name, "")) for row in (header, *rows)) for name in HEADER}
    kept = [name for name in HEADER if any(row.get(name) for row in rows)]
    for name in DROPPED:
        if MIN_NAME + _total(lengths, kept) - lengths["column"] <= width:
            break
        kept = [each for each in kept if each != name]
    room = max(MIN_NAME, width - (_total(lengths, kept) - lengths["column"]))
    lengths["column"] = min(lengths["column"], room)
    return [_line(row, kept, lengths) for row in (header, *rows)]


def _total(lengths: dict[str, int], kept: Sequence[str]) -> int:
    return sum(lengths[name] + 2 for name in kept)


def _line(row: dict[str, str], kept: Sequence[str], lengths: dict[str, int]) -> str:
    parts = []
    for name in kept:
        text, room = row.get(name, ""), lengths[name]
        short = text if len(text) <= room else f"{text[: room - 1]}…"
        parts.append(short.rjust(room) if name in RIGHT else short.ljust(room))
    return "  " + "  ".join(parts)


def _figure(value: float | str | None, name: str) -> str:
    if value is None or isinstance(value, str):
        return (value or "")[:LONGEST_MOMENT]
    if orders_rows(name):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
