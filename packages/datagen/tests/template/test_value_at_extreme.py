"""A quantity of the row where another one is extreme."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.value_at_extreme import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_value_beside_the_largest(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="price", by="sales", end="smallest", where=None)
    question = found["only"]
    gold = 3.0
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "3").correct
    assert not judge(question.answer_spec, gold, 1.5).correct
    assert not judge(question.answer_spec, gold, 5).correct


def test_value_beside_the_largest_of_a_group(asked: Asked, goods: str) -> None:
    found = asked(
        TEMPLATE, goods, column="price", by="sales", end="largest", where="kind", value="tea"
    )
    question = found["only"]
    gold = 6.0
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "6.00").correct
    assert not judge(question.answer_spec, gold, 7.0).correct
    assert not judge(question.answer_spec, gold, 6.5).correct


def test_an_extreme_that_two_rows_share_is_not_asked(asked: Asked, goods: str) -> None:
    assert asked(TEMPLATE, goods, column="price", by="stock", where=None) == {}
