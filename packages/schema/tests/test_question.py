from __future__ import annotations

from typing import get_args

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.question import SOURCES, Question, Source


def test_the_three_sources_are_the_only_discriminator() -> None:
    assert SOURCES == get_args(Source) == ("template", "procedural", "llm")


def test_a_question_has_at_least_one_answer(question: Question) -> None:
    with pytest.raises(RecordError, match="/answers: wanted Tuple should have at least 1 item"):
        question.replace(answers=())


@pytest.mark.parametrize("value", [0, False, "", [], {}])
def test_falsy_answers_stay_what_they_are(question: Question, value: object) -> None:
    document = question.to_values()
    document["answers"][0]["value"] = value
    read = Question.from_values(document, where="test").answers[0].value
    assert read == value
    assert type(read) is type(value)


def test_a_question_without_an_interpretation_table_is_written_as_before(
    question: Question,
) -> None:
    document = question.to_values()
    assert not {"readings", "readings_left_out"} & document.keys()
    assert question.id == "f79209e9a4f993c00cbbf831e20c595cc6e7ad5eca3bd641e2dea83b75709f27"
    assert Question.from_values(document, where="test") == question


def test_the_interpretation_table_counts_in_the_id(question: Question) -> None:
    row = {"conventions": ["ddof=1"], "status": "stated", "value": 20, "why_none": None}
    document = question.to_values() | {"readings": [row], "readings_left_out": 3}
    read = Question.from_values(document, where="test")
    assert read.to_values() == document
    assert read.readings[0].nodes == ()
    assert read.computed_id() != question.id


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"conventions": []}, "/readings/0/conventions"),
        ({"status": "right"}, "/readings/0/status"),
        ({"why_none": 1}, "/readings/0/why_none"),
    ],
)
def test_a_wrong_interpretation_is_named(
    question: Question, changes: dict[str, object], where: str
) -> None:
    row = {"conventions": ["x"], "status": "stated", "value": 20, "why_none": None} | changes
    with pytest.raises(RecordError, match=where):
        Question.from_values(question.to_values() | {"readings": [row]}, where="test")
