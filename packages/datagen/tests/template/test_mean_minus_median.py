"""The mean minus the median, with a sign."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.mean_minus_median import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "cost\n" + "".join(f"{cost}\n" for cost in (1, 2, 3, 30, 32, 34, 36, 38, 31, 33, 35, 37))


def test_26_minus_32_and_a_half(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="cost")
    question = found["only"]
    gold = -6.5
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "-6.50").correct
    assert not judge(question.answer_spec, gold, 6.5).correct
    assert not judge(question.answer_spec, gold, 26).correct
