"""Sums of amounts under a condition on another column."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.sum_where import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_sum_of_six_sales(asked: Asked, goods: str) -> None:
    found = asked(
        TEMPLATE, goods, column="sales", limited="price", side="greater", limit=4.0, where=None
    )
    question = found["only"]
    gold = 295
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "295").correct
    assert not judge(question.answer_spec, gold, 310).correct
    assert not judge(question.answer_spec, gold, 415).correct


def test_prices_are_not_added_up(asked: Asked, goods: str) -> None:
    assert asked(TEMPLATE, goods, column="price") == {}
