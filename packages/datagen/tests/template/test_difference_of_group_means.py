"""The difference of two means, with a direction."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.difference_of_group_means import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_the_sign_counts(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="price", first="tea", second="bun")
    question = found["only"]
    gold = -0.3333
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "-0.33333").correct
    assert not judge(question.answer_spec, gold, 0.3333).correct
    assert not judge(question.answer_spec, gold, -2.0).correct
