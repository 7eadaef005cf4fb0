"""Means under a condition on another column."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.mean_where import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_mean_of_six_prices(asked: Asked, goods: str) -> None:
    found = asked(
        TEMPLATE, goods, column="price", limited="sales", side="greater", limit=30, where=None
    )
    question = found["only"]
    gold = 5.33
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "5.333").correct
    assert not judge(question.answer_spec, gold, 5.07).correct
    assert not judge(question.answer_spec, gold, 4.25).correct
