"""One cell, by the name of its row."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.value_of_named_row import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_a_quantity_of_the_named_row(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, value="Gyokuro", column="price")
    question = found["only"]
    gold = 4.5
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "4.50").correct
    assert not judge(question.answer_spec, gold, 4.0).correct
    assert not judge(question.answer_spec, gold, 25).correct


def test_a_category_of_the_named_row(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, value="Gyokuro", column="kind")
    question = found["only"]
    gold = "tea"
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, " Tea ").correct
    assert not judge(question.answer_spec, gold, "bun").correct
