from __future__ import annotations

import pytest

from tracemill_schema.dataset import Counts, DataFile, Dataset, OverlapReport
from tracemill_schema.errors import RecordError


def _dataset(created_at: str) -> Dataset:
    return Dataset.make(
        key="demo-v1",
        version=1,
        created_at=created_at,
        source="tests",
        schema_versions={"trace": "1"},
        generator_version="1",
        source_tree="0" * 64,
        seed=0,
        counts=Counts(total=1, source={}, family={}, split={}, bucket={}),
        files=(DataFile(path="traces/train.jsonl", sha256="0" * 64, rows=1, bytes=1),),
        split_rule="by hash",
        overlap=OverlapReport(duplicates_removed=0, overlap_between_splits=0, method="exact"),
        licences={"CC0-1.0": 1},
    )


def test_the_id_is_the_same_whenever_it_was_built() -> None:
    assert _dataset("2026-01-01T00:00:00Z").id == _dataset("2026-02-01T00:00:00Z").id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "demo"),
        ("key", "demo-v0"),
        ("created_at", "yesterday"),
        ("files", [{"path": "../x", "sha256": "0" * 64, "rows": 1, "bytes": 1}]),
        ("overlap", {"duplicates_removed": 0, "overlap_between_splits": 1, "method": "exact"}),
    ],
)
def test_a_manifest_that_could_mislead_is_refused(field: str, value: object) -> None:
    document = _dataset("2026-01-01T00:00:00Z").to_values() | {field: value}
    with pytest.raises(RecordError, match=f"/{field}"):
        Dataset.from_values(document, where="test")
