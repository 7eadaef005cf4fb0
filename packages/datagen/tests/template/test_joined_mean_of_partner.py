"""Means of what is looked up."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.joined_mean_of_partner import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_each_trip_counts_and_not_each_place(asked_of_two: Asked) -> None:
    question = asked_of_two(TEMPLATE, column="guests", where="kind", value="bus")["only"]
    assert question.answers[0].value == 437.5
    assert "each row counted once" in question.prompt
    assert judge(question.answer_spec, 437.5, "437.5").correct
    assert not judge(question.answer_spec, 437.5, 450).correct  # of the six places
