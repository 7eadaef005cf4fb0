"""Profiles in table.v1."""

from __future__ import annotations

from tracemill_datagen.table.profile import profile
from tracemill_datagen.table.reader import parse_sheet
from tracemill_schema.table import Table


def test_profile_counts_and_hints() -> None:
    data = b"row_id,bill_mm,price,sex\n1,3.5,$9,m\n2,,$2,f\n3,4.5,$3,m\n4,3.5,$4,f\n5,2.5,$5,m\n"
    sheet = parse_sheet(data, name="t", where="t.csv")
    record = profile(sheet, source="here", licence="unstated")
    assert (record.id, record.rows) == (sheet.digest, 5)
    assert [(c.name, c.kind, c.nulls, c.distinct, c.unit) for c in record.columns] == [
        ("row_id", "identifier", 0, 5, None),
        ("bill_mm", "number", 1, 3, "mm"),
        ("price", "integer", 0, 5, "$"),
        ("sex", "category", 0, 2, None),
    ]


def test_profile_carries_the_facts_of_columns_and_table() -> None:
    sheet = parse_sheet(b"n;x\n1,5;a\n2,5;a\n", name="t", where="t.csv")
    record = profile(sheet, source="here", licence="unstated")
    assert record.facts is not None
    assert record.facts.notes == sheet.notes != ()
    assert [c.facts and c.facts.order for c in record.columns] == [
        "strictly increasing",
        "constant",
    ]
    assert Table.from_bytes(record.to_bytes(), where="test") == record
