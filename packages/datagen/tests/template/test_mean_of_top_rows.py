"""The mean over the rows at an end."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.mean_of_top_rows import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_mean_price_of_the_three_best_sellers(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="price", by="sales", n=3, end="largest")
    question = found["only"]
    gold = 6.17
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "6.1667").correct
    assert not judge(question.answer_spec, gold, 63.33).correct
    assert not judge(question.answer_spec, gold, 4.25).correct
