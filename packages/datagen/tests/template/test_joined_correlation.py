"""Correlations across two tables."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.joined_correlation import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_the_coefficient_is_stated(asked_of_two: Asked) -> None:
    found = asked_of_two(TEMPLATE, x="km", y="height")
    values = {name: question.answers[0].value for name, question in found.items()}
    assert values["Pearson"] == -0.132
    assert values["Spearman"] == -0.1332
    question = found["Spearman"]
    assert "Use Spearman's rank coefficient" in question.prompt
    assert judge(question.answer_spec, -0.1332, "-0.13324").correct
    assert not judge(question.answer_spec, -0.1332, -0.132).correct
