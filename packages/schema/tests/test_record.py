from __future__ import annotations

import orjson
import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.question import Question
from tracemill_schema.record import LEGACY_KEYS, Day, Instant, Record
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


def test_the_word_of_the_ancestors_for_a_model_as_source_is_refused_by_name(
    question: Question,
) -> None:
    document = orjson.loads(question.to_bytes()) | {"source": "llm_gen"}
    with pytest.raises(RecordError) as caught:
        Question.from_values(document, where="old.jsonl line 1")
    assert str(caught.value) == (
        "old.jsonl line 1 is not a valid question.v1:\n"
        "  /source: wanted no such word; it is now \"llm\", got 'llm_gen'"
    )


def test_what_the_ancestors_wrote_is_told_before_what_is_missing() -> None:
    document = {"question": "How many?", "_ground_truth": 3, "id": "q1", "source": ["llm_gen"]}
    with pytest.raises(RecordError) as caught:
        Question.from_values(document, where="old.jsonl line 1")
    first = [fault.pointer for fault in caught.value.faults][:2]
    assert sorted(first) == ["/_ground_truth", "/question"]


def test_all_faults_are_told_at_once(question: Question) -> None:
    document = orjson.loads(question.to_bytes())
    del document["prompt"]
    document["n_steps"] = 0
    document["surprise"] = None
    with pytest.raises(RecordError) as caught:
        Question.from_values(document, where="test")
    pointers = {fault.pointer for fault in caught.value.faults}
    assert pointers == {"/prompt", "/n_steps", "/surprise"}


def test_a_list_with_a_wrong_item_is_not_called_too_short(question: Question) -> None:
    document = orjson.loads(question.to_bytes())
    document["answers"] = [{"value": 1}]
    with pytest.raises(RecordError) as caught:
        Question.from_values(document, where="test")
    assert [fault.pointer for fault in caught.value.faults] == ["/answers/0/interpretation"]
    document["answers"] = []
    with pytest.raises(RecordError, match="/answers: wanted Tuple should have at least 1 item"):
        Question.from_values(document, where="test")


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


class Meeting(Record):
    at: Instant
    until: Day


EVENING = {"at": "2026-01-02T18:00:00Z", "until": "2026-01-02"}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("at", "2024-02-29T00:00:00Z"),
        ("at", "2026-12-31T23:59:59.123456Z"),
        ("until", "2024-02-29"),
    ],
)
def test_a_time_of_the_calendar_is_taken(field: str, text: str) -> None:
    values = EVENING | {field: text}
    assert Meeting.from_values(values, where="test").to_values() == values


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("at", "2026-13-99T99:99:99Z"),
        ("at", "2026-02-29T00:00:00Z"),
        ("at", "2026-01-01T24:00:01Z"),
        ("at", "0000-01-01T00:00:00Z"),
        ("until", "2027-02-31"),
        ("until", "0000-01-01"),
    ],
)
def test_a_time_of_no_calendar_is_refused(field: str, text: str) -> None:
    kind = {"at": "time", "until": "day"}[field]
    with pytest.raises(RecordError) as caught:
        Meeting.from_values(EVENING | {field: text}, where="test")
    message = f"/{field}: wanted Value error, must be a {kind} that exists, got {text!r}"
    assert [str(fault) for fault in caught.value.faults] == [message]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("at", "\u0662026-01-01T00:00:00Z"),
        ("at", "202\u0666-01-01T00:00:00Z"),
        ("at", "today"),
        ("until", "202\u0666-01-01"),
    ],
)
def test_digits_of_other_scripts_are_no_digits_of_a_time(field: str, text: str) -> None:
    with pytest.raises(RecordError, match=f"/{field}: wanted String should match pattern"):
        Meeting.from_values(EVENING | {field: text}, where="test")
