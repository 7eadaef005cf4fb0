from __future__ import annotations

import orjson
import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.question import Question
from tracemill_schema.record import LEGACY_KEYS
from tracemill_schema.trace import Trace


def test_bytes_and_record_are_the_same_thing(trace: Trace) -> None:
    again = Trace.from_bytes(trace.to_bytes(), where="test")
    assert again == trace
    assert again.to_bytes() == trace.to_bytes()


def test_records_are_frozen(trace: Trace) -> None:
    with pytest.raises(ValueError, match="frozen"):
        trace.prompt = "other"  # type: ignore[misc] - the point of the test


def test_an_id_is_checked_against_the_content(trace: Trace) -> None:
    changed = trace.replace(final_answer="21")
    with pytest.raises(RecordError, match=f"/id: wanted {changed.computed_id()}"):
        changed.verify_id(where="test")


def test_values_are_strict(trace: Trace) -> None:
    document = orjson.loads(trace.to_bytes()) | {"final_answer": 20}
    with pytest.raises(RecordError, match="/final_answer: wanted Input should be a valid string"):
        Trace.from_values(document, where="test")


@pytest.mark.parametrize("key", sorted(LEGACY_KEYS))
def test_a_key_of_the_ancestors_is_refused_by_name(question: Question, key: str) -> None:
    document = orjson.loads(question.to_bytes()) | {key: 1}
    with pytest.raises(RecordError) as caught:
        Question.from_values(document, where="old.jsonl line 1")
    assert str(caught.value) == (
        "old.jsonl line 1 is not a valid question.v1:\n"
        f"  /{key}: wanted no such key; it is now {LEGACY_KEYS[key]}, got 1"
    )


def test_all_faults_are_told_at_once(question: Question) -> None:
    document = orjson.loads(question.to_bytes())
    del document["prompt"]
    document["n_steps"] = 0
    document["surprise"] = None
    with pytest.raises(RecordError) as caught:
        Question.from_values(document, where="test")
    pointers = {fault.pointer for fault in caught.value.faults}
    assert pointers == {"/prompt", "/n_steps", "/surprise"}


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"{}x", b"nope"])
def test_what_is_not_json_is_said_to_be_so(data: bytes) -> None:
    with pytest.raises(RecordError, match="wanted UTF-8 JSON"):
        Trace.from_bytes(data, where="test")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_a_number_that_is_not_finite_is_refused_on_reading(
    question: Question, number: bytes
) -> None:
    document = question.to_bytes().replace(b'"value":20', b'"value":' + number)
    with pytest.raises(RecordError, match="wanted Input should be a finite number"):
        Question.from_bytes(document, where="test")


def test_a_long_value_is_shortened_in_the_message(question: Question) -> None:
    document = orjson.loads(question.to_bytes()) | {"source": "x" * 1000}
    with pytest.raises(RecordError) as caught:
        Question.from_values(document, where="test")
    assert len(caught.value.faults[0].got) == 80


def test_a_wrong_change_of_a_copy_is_refused(trace: Trace) -> None:
    with pytest.raises(RecordError, match="text must not be blank"):
        trace.replace(prompt=" ")


def test_a_new_record_that_breaks_its_contract_is_refused() -> None:
    with pytest.raises(RecordError, match="new record is not a valid trace.v1"):
        Trace.make(prompt="only this")
