"""The part of a total that falls on the group with the largest sum."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.share_of_strongest_group import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_225_of_415(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, by="kind", column="sales")
    question = found["only"]
    gold = 54.22
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "54.217 %").correct
    assert not judge(question.answer_spec, gold, 50).correct
    assert not judge(question.answer_spec, gold, 45.78).correct
