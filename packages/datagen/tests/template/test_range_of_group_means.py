"""The distance between the ends of the groups' means."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.range_of_group_means import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_37_5_minus_31_67(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, by="kind", column="sales")
    question = found["only"]
    gold = 5.83
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "5.833").correct
    assert not judge(question.answer_spec, gold, -5.83).correct
    assert not judge(question.answer_spec, gold, 75).correct
