"""Medians under a condition on another column."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.median_where import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_middle_of_six_prices(asked: Asked, goods: str) -> None:
    found = asked(
        TEMPLATE, goods, column="price", limited="sales", side="greater", limit=30, where=None
    )
    assert {name: q.answers[0].value for name, q in found.items()} == {"only": 5.75}
    question = found["only"]
    assert "middle" not in question.prompt
    assert judge(question.answer_spec, 5.75, "5.75").correct
    assert not judge(question.answer_spec, 5.75, 5.5).correct
    assert not judge(question.answer_spec, 5.75, 6).correct
