"""The best group of the other table, by any aggregate."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.joined_highest_group import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_every_aggregate_has_its_answer(asked_of_two: Asked) -> None:
    found = asked_of_two(TEMPLATE, by="region", column="cost")
    (question,) = found.values()
    assert [(answer.value, answer.interpretation) for answer in question.answers] == [
        ("south", "by mean or by sum or by median"),
        ("north", "by max"),
    ]
    assert not judge(question.answer_spec, "south", "west").correct
