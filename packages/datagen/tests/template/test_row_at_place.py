"""The row at the second or third place."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.row_at_place import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_second_largest_and_no_other_place(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, by="sales", end="largest", n=2)
    question = found["only"]
    gold = "Jasmine"
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "jasmine").correct
    assert not judge(question.answer_spec, gold, "Linzer").correct
    assert not judge(question.answer_spec, gold, "Icing").correct


def test_third_smallest(asked: Asked, goods: str) -> None:
    question = asked(TEMPLATE, goods, by="sales", end="smallest", n=3)["only"]
    assert "third smallest value of sales" in question.prompt
    assert question.answers[0].value == "Fritter"


def test_places_above_which_rows_are_equal_are_not_asked(asked: Asked, goods: str) -> None:
    assert asked(TEMPLATE, goods, by="stock") == {}
