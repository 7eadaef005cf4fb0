from __future__ import annotations

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.table import Column, Table


def test_a_table_needs_a_row_and_a_column_of_a_known_kind() -> None:
    column = Column(name="mass", kind="number", nulls=0, distinct=3, unit="g")
    table = Table(id="0" * 64, name="t", source="s", licence="CC0", rows=3, columns=(column,))
    assert Table.from_bytes(table.to_bytes(), where="test") == table
    document = table.to_values() | {"rows": 0, "columns": []}
    with pytest.raises(RecordError, match=r"(?s)/rows: .*/columns: "):
        Table.from_values(document, where="test")
