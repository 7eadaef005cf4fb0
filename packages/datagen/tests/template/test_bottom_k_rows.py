"""Names of the last rows, in order."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.bottom_k_rows import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_smallest_first(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, by="sales", n=3)
    question = found["only"]
    gold = ["Donut", "Assam", "Fritter"]
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "Donut, Assam, Fritter").correct
    assert not judge(question.answer_spec, gold, ["Fritter", "Assam", "Donut"]).correct
    assert not judge(question.answer_spec, gold, ["Donut", "Assam", "Ceylon"]).correct
