"""The profile of a table: its record in table.v1."""

from __future__ import annotations

from tracemill_datagen.table.fact import column_facts, table_facts
from tracemill_datagen.table.sheet import Sheet, SheetColumn
from tracemill_schema.table import Column, Table


def profile(sheet: Sheet, *, source: str, licence: str) -> Table:
    """Profile a table.

    Args:
        sheet: The table; its digest becomes the record's id.
        source: Where it came from, as a person says it.
        licence: Licence of the data, or ``unstated``.
    """
    return Table(
        id=sheet.digest,
        name=sheet.name,
        source=source,
        licence=licence,
        rows=sheet.rows,
        columns=tuple(_column(column) for column in sheet.columns),
        facts=table_facts(sheet),
    )


def _column(column: SheetColumn) -> Column:
    return Column(
        name=column.name,
        kind=column.kind,
        nulls=column.nulls,
        distinct=len(column.distinct),
        unit=column.unit,
        facts=column_facts(column),
    )
