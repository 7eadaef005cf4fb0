"""Profiles in table.v1."""

from __future__ import annotations

from tracemill_datagen.table.profile import profile
from tracemill_datagen.table.reader import parse_sheet
from tracemill_schema.table import Column


def test_profile_counts_and_hints() -> None:
    data = b"row_id,bill_mm,sex\n1,3.5,m\n2,,f\n3,4.5,m\n4,3.5,f\n5,2.5,m\n"
    sheet = parse_sheet(data, name="t", where="t.csv")
    record = profile(sheet, source="here", licence="unstated")
    assert (record.id, record.rows) == (sheet.digest, 5)
    assert record.columns == (
        Column(name="row_id", kind="identifier", nulls=0, distinct=5, unit=None),
        Column(name="bill_mm", kind="number", nulls=1, distinct=3, unit="mm"),
        Column(name="sex", kind="category", nulls=0, distinct=2, unit=None),
    )
