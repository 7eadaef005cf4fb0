"""The fullest cell of the table of two categories."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.most_common_combination import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_both_values_in_the_asked_order(asked: Asked, sites: str) -> None:
    found = asked(TEMPLATE, sites, x="kind", y="site")
    question = found["only"]
    gold = ["bun", "west"]
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "bun, west").correct
    assert not judge(question.answer_spec, gold, ["west", "bun"]).correct
    assert not judge(question.answer_spec, gold, ["tea", "east"]).correct
