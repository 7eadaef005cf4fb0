"""The row at an end of a column."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.row_with_extreme import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_the_largest_and_no_other_row(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, by="sales", end="largest")
    question = found["only"]
    gold = "Linzer"
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "linzer").correct
    assert not judge(question.answer_spec, gold, "Jasmine").correct
    assert not judge(question.answer_spec, gold, "80").correct


def test_the_smallest(asked: Asked, goods: str) -> None:
    question = asked(TEMPLATE, goods, by="sales", end="smallest")["only"]
    assert question.answers[0].value == "Donut"


def test_an_extreme_that_two_rows_share_is_not_asked(asked: Asked, goods: str) -> None:
    assert asked(TEMPLATE, goods, by="stock") == {}
