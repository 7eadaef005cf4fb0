"""Rows that a drop of incomplete rows would lose."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.rows_with_empty_cells import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "kind,size,price\n" + "tea,1,2\n" * 5 + "bun,,3\n" * 3 + "tea,1,\n" + "bun,,\n" * 2


def test_rows_are_counted_and_not_cells(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, where=None)
    question = found["only"]
    gold = 6
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "6").correct
    assert not judge(question.answer_spec, gold, 8).correct
    assert not judge(question.answer_spec, gold, 5).correct
