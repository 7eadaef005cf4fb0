"""Empty cells of one column."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.empty_cells_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_four_of_22_rows_have_no_kind(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, column="kind")
    question = found["only"]
    gold = 4
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "4").correct
    assert not judge(question.answer_spec, gold, 18).correct
    assert not judge(question.answer_spec, gold, 3).correct
