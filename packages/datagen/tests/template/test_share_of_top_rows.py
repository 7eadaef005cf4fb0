"""The part of a total that the largest rows hold."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.share_of_top_rows import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_190_of_415(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="sales", n=3)
    question = found["only"]
    gold = 45.78
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "45.783 %").correct
    assert not judge(question.answer_spec, gold, 25).correct
    assert not judge(question.answer_spec, gold, 0.4578).correct
