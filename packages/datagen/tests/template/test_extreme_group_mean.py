"""The highest and lowest mean of any group."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.extreme_group_mean import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_the_mean_and_not_the_largest_value(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, by="kind", column="sales", end="highest")
    question = found["only"]
    gold = 37.5
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "37.50").correct
    assert not judge(question.answer_spec, gold, 31.67).correct
    assert not judge(question.answer_spec, gold, 80).correct


def test_the_lowest(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, by="kind", column="sales", end="lowest")
    question = found["only"]
    gold = 31.67
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "31.667").correct
    assert not judge(question.answer_spec, gold, 37.5).correct
    assert not judge(question.answer_spec, gold, 5).correct
