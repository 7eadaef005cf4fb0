"""Rows above the mean of their column."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.rows_above_mean import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "cost\n" + "".join(f"{cost}\n" for cost in (1, 2, 3, 30, 32, 34, 36, 38, 31, 33, 35, 37))


def test_nine_of_twelve_lie_above_26(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="cost")
    question = found["only"]
    gold = 9
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "9").correct
    assert not judge(question.answer_spec, gold, 6).correct
    assert not judge(question.answer_spec, gold, 3).correct
