from __future__ import annotations

import orjson
import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement


def test_a_statement_is_written_with_in_totos_keys_and_read_back() -> None:
    evidence = statement(
        subjects=(Subject(name="dataset", digest=Digest(sha256="a" * 64)),),
        predicate=Predicate(
            gate="dataset",
            passed=1,
            failed=0,
            skipped=0,
            checked=1,
            device="cpu",
            versions={},
            started="2026-01-01T00:00:00Z",
            finished="2026-01-01T00:00:01Z",
        ),
    )
    document = orjson.loads(evidence.to_bytes())
    assert document["_type"] == "https://in-toto.io/Statement/v1"
    assert document["predicateType"] == "urn:tracemill:evidence:v1"
    assert Evidence.from_bytes(evidence.to_bytes(), where="test") == evidence
    with pytest.raises(RecordError, match="/_type"):
        Evidence.from_values(document | {"_type": "other"}, where="test")
