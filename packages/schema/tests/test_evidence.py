from __future__ import annotations

import orjson
import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement

PREDICATE = Predicate(
    gate="dataset",
    passed=1,
    failed=0,
    skipped=0,
    checked=1,
    device="cpu",
    versions={},
    started="2026-01-01T00:00:00Z",
    finished="2026-01-01T00:00:01Z",
)


def test_a_statement_is_written_with_in_totos_keys_and_read_back() -> None:
    evidence = statement(
        subjects=(Subject(name="dataset", digest=Digest(sha256="a" * 64)),),
        predicate=PREDICATE,
    )
    document = orjson.loads(evidence.to_bytes())
    assert document["_type"] == "https://in-toto.io/Statement/v1"
    assert document["predicateType"] == "urn:tracemill:evidence:v1"
    assert Evidence.from_bytes(evidence.to_bytes(), where="test") == evidence
    with pytest.raises(RecordError, match="/_type"):
        Evidence.from_values(document | {"_type": "other"}, where="test")


def test_a_document_is_read_by_the_names_of_the_contract_alone() -> None:
    evidence = statement(
        subjects=(Subject(name="dataset", digest=Digest(sha256="a" * 64)),),
        predicate=PREDICATE,
    )
    document = orjson.loads(evidence.to_bytes())
    document["type"] = document.pop("_type")
    with pytest.raises(RecordError) as caught:
        Evidence.from_values(document, where="test")
    assert {fault.pointer for fault in caught.value.faults} == {"/_type", "/type"}
    assert evidence.replace(type=evidence.type) == evidence


@pytest.mark.parametrize(
    ("passed", "failed", "skipped", "adds_up"),
    [(5, 0, 0, True), (3, 1, 1, True), (4, 0, 0, False), (5, 1, 0, False), (5, 0, 1, False)],
)
def test_counts_that_were_changed_do_not_add_up(
    passed: int, failed: int, skipped: int, *, adds_up: bool
) -> None:
    counts = {"passed": passed, "failed": failed, "skipped": skipped, "checked": 5}
    assert PREDICATE.replace(**counts).adds_up is adds_up
