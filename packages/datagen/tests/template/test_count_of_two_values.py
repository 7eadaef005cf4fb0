"""Rows of two groups together."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.count_of_two_values import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_teas_and_buns(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, column="kind", first="tea", second="bun")
    question = found["only"]
    gold = 11
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "11").correct
    assert not judge(question.answer_spec, gold, 6).correct
    assert not judge(question.answer_spec, gold, 15).correct
