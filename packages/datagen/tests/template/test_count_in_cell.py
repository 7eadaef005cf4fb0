"""One cell of the table of two categories."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.count_in_cell import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_rows_that_have_both_values(asked: Asked, sites: str) -> None:
    found = asked(TEMPLATE, sites, x="kind", x_value="tea", y="site", y_value="east")
    question = found["only"]
    gold = 7
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "7").correct
    assert not judge(question.answer_spec, gold, 12).correct
    assert not judge(question.answer_spec, gold, 13).correct
