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
