"""Counts under a condition on each of two tables."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.joined_count_where import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_number_of_trips_by_bus_to_the_north(asked_of_two: Asked) -> None:
    literals = {"where": "kind", "value": "bus", "other": "region", "second": "north"}
    question = asked_of_two(TEMPLATE, **literals)["only"]
    assert question.answers[0].value == 8
    assert judge(question.answer_spec, 8, "8.0").correct
    assert not judge(question.answer_spec, 8, 12).correct
