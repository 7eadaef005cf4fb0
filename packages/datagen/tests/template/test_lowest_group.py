"""The lowest group, by every aggregate that the question leaves open."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.lowest_group import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_amounts_leave_the_aggregate_open(asked: Asked, sales: str) -> None:
    (question,) = asked(TEMPLATE, sales, by="kind", column="sales").values()
    assert {answer.value for answer in question.answers} == {"tea", "bun"}
    assert "by sum" in {a.value: a.interpretation for a in question.answers}["bun"]
    assert not any(judge(question.answer_spec, a.value, "pie").correct for a in question.answers)


def test_levels_are_compared_by_a_stated_aggregate_and_never_by_the_sum(
    asked: Asked, sales: str
) -> None:
    found = asked(TEMPLATE, sales, by="kind", column="price")
    assert set(found) == {"lowest by mean", "lowest by median", "lowest by min"}
    question = found["lowest by mean"]
    assert "Compare the groups by their mean." in question.prompt
    assert question.answers[0].value == "tea"
    assert not judge(question.answer_spec, "tea", "bun").correct
