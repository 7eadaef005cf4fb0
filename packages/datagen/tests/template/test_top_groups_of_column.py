"""The best groups, by every aggregate that the question leaves open."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.top_groups_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = (
    "kind,sales,price\n"
    + "".join(f"tea,{n},{n}\n" for n in (3, 1, 2, 5, 4, 6, 8, 7, 9, 11))
    + "".join(f"bun,{n},{n}\n" for n in (6, 8, 7, 9, 10))
    + "".join(f"pie,{n},{n}\n" for n in (20, 22, 21, 23, 24))
)


def test_amounts_leave_the_aggregate_open(asked: Asked) -> None:
    (question,) = asked(TEMPLATE, TABLE, by="kind", column="sales", n=2).values()
    values = {a.interpretation: a.value for a in question.answers}
    assert values == {"by mean or by median": ["pie", "bun"], "by sum or by max": ["pie", "tea"]}
    assert judge(question.answer_spec, ["pie", "tea"], "pie, tea").correct
    assert not any(judge(question.answer_spec, v, ["bun", "pie"]).correct for v in values.values())


def test_levels_are_compared_by_a_stated_aggregate_and_never_by_the_sum(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="kind", column="price", n=2)
    assert set(found) == {"by mean", "by median", "by max"}
    assert found["by max"].answers[0].value == ["pie", "tea"]
    assert "Compare the groups by their maximum." in found["by max"].prompt
