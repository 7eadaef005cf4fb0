"""Percentages of joined rows."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.joined_share_of_category import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_trips_without_a_place_do_not_count(asked_of_two: Asked) -> None:
    (question,) = asked_of_two(TEMPLATE, where="region", value="north").values()
    assert question.answers[0].value == 50.0
    assert judge(question.answer_spec, 50.0, "50 %").correct
    assert not judge(question.answer_spec, 50.0, 42.86).correct  # of all trips
