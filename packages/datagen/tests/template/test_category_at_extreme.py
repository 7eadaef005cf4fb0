"""The category of the row where a quantity is extreme."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.category_at_extreme import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_category_of_the_one_row(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="kind", by="price", end="smallest")
    question = found["only"]
    gold = "tea"
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "Tea").correct
    assert not judge(question.answer_spec, gold, "bun").correct


def test_the_largest_is_in_the_other_category(asked: Asked, goods: str) -> None:
    question = asked(TEMPLATE, goods, column="kind", by="price", end="largest")["only"]
    assert question.answers[0].value == "bun"
