"""The best groups, by every aggregate that the question leaves open."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.top_groups_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_amounts_leave_the_aggregate_open(asked: Asked, sales: str) -> None:
    (question,) = asked(TEMPLATE, sales, by="kind", column="sales", n=2).values()
    values = {a.interpretation: a.value for a in question.answers}
    assert values == {"by mean or by median": ["pie", "bun"], "by sum or by max": ["pie", "tea"]}
    assert judge(question.answer_spec, ["pie", "tea"], "pie, tea").correct
    assert not any(judge(question.answer_spec, v, ["bun", "pie"]).correct for v in values.values())


def test_levels_are_compared_by_a_stated_aggregate_and_never_by_the_sum(
    asked: Asked, sales: str
) -> None:
    found = asked(TEMPLATE, sales, by="kind", column="price", n=2)
    assert set(found) == {"by mean", "by median", "by max"}
    assert found["by max"].answers[0].value == ["pie", "tea"]
    assert "Compare the groups by their maximum." in found["by max"].prompt
