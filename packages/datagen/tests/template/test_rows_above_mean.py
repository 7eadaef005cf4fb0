"""Rows above the mean of their column."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.rows_above_mean import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_nine_of_twelve_lie_above_26(asked: Asked, costs: str) -> None:
    found = asked(TEMPLATE, costs, column="cost")
    question = found["only"]
    gold = 9
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "9").correct
    assert not judge(question.answer_spec, gold, 6).correct
    assert not judge(question.answer_spec, gold, 3).correct
