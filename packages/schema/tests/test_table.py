from __future__ import annotations

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.table import Column, ColumnFacts, Table


def test_a_table_needs_a_row_and_a_column_of_a_known_kind() -> None:
    column = Column(name="mass", kind="number", nulls=0, distinct=3, unit="g")
    table = Table(id="0" * 64, name="t", source="s", licence="CC0", rows=3, columns=(column,))
    assert Table.from_bytes(table.to_bytes(), where="test") == table
    document = table.to_values() | {"rows": 0, "columns": []}
    with pytest.raises(RecordError, match=r"(?s)/rows: .*/columns: "):
        Table.from_values(document, where="test")


FACTS = {
    "ties": 2,
    "groups": {"smallest": 1, "median": 1, "largest": 2},
    "order": "increasing",
    "minimum": 1.0,
    "maximum": 7.5,
    "mean": 3.0,
    "number_like": 0,
    "identified_by": None,
}


def test_facts_stand_in_a_profile_and_may_be_absent_from_one_of_before() -> None:
    column = {"name": "mass", "kind": "number", "nulls": 0, "distinct": 2, "unit": None}
    before = {
        "id": "0" * 64, "name": "t", "source": "s", "licence": "CC0", "rows": 3, "columns": [column]
    }  # fmt: skip
    assert Table.from_values(before, where="test").facts is None
    table_facts = {"duplicate_rows": 1, "keys": [["firm", "year"]], "notes": ["a note"]}
    now = before | {"columns": [column | {"facts": FACTS}], "facts": table_facts}
    table = Table.from_values(now, where="test")
    assert table.to_values() == now
    assert table.columns[0].facts == ColumnFacts.from_values(FACTS, where="test")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"ties": -1}, "/ties"),
        ({"order": "sorted"}, "/order"),
        ({"groups": {"smallest": 0, "median": 1, "largest": 1}}, "/groups/smallest"),
        ({"number_like": None}, "/number_like"),
    ],
)
def test_wrong_facts_are_named(change: dict[str, object], pointer: str) -> None:
    with pytest.raises(RecordError, match=f"(?m)^  {pointer}: "):
        ColumnFacts.from_values(FACTS | change, where="test")
