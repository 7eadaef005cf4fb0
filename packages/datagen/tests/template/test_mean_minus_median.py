"""The mean minus the median, with a sign."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.mean_minus_median import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_26_minus_32_and_a_half(asked: Asked, costs: str) -> None:
    found = asked(TEMPLATE, costs, column="cost")
    question = found["only"]
    gold = -6.5
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "-6.50").correct
    assert not judge(question.answer_spec, gold, 6.5).correct
    assert not judge(question.answer_spec, gold, 26).correct
