"""The quotient of two sums of amounts."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.ratio_of_group_sums import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_which_is_divided_by_which_counts(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="sales", first="bun", second="tea")
    question = found["only"]
    gold = 1.18
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "1.184").correct
    assert not judge(question.answer_spec, gold, 0.84).correct
    assert not judge(question.answer_spec, gold, 225).correct


def test_prices_are_not_added_up(asked: Asked, goods: str) -> None:
    assert asked(TEMPLATE, goods, column="price") == {}
