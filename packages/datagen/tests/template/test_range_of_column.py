"""The largest minus the smallest value."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.range_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_over_one_group(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="price", where="kind", value="tea")
    question = found["only"]
    gold = 5.0
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "5").correct
    assert not judge(question.answer_spec, gold, 5.5).correct
    assert not judge(question.answer_spec, gold, 6.5).correct


def test_over_all_rows(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="price", where=None)
    question = found["only"]
    gold = 5.5
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "5.50").correct
    assert not judge(question.answer_spec, gold, -5.5).correct
    assert not judge(question.answer_spec, gold, 7.0).correct
