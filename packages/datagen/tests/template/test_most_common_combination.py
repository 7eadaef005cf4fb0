"""The fullest cell of the table of two categories."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.most_common_combination import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "kind,site\n" + "tea,east\n" * 7 + "tea,west\n" * 5 + "bun,east\n" * 6 + "bun,west\n" * 8


def test_both_values_in_the_asked_order(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, x="kind", y="site")
    question = found["only"]
    gold = ["bun", "west"]
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "bun, west").correct
    assert not judge(question.answer_spec, gold, ["west", "bun"]).correct
    assert not judge(question.answer_spec, gold, ["tea", "east"]).correct
