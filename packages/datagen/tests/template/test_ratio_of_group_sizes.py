"""The quotient of two counts."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.ratio_of_group_sizes import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_seven_pies_to_five_buns(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, by="kind", first="pie", second="bun")
    question = found["only"]
    gold = 1.4
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "1.40").correct
    assert not judge(question.answer_spec, gold, 0.71).correct
    assert not judge(question.answer_spec, gold, 2).correct
