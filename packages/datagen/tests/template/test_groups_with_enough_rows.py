"""Groups of a least size."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.groups_with_enough_rows import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_the_size_itself_is_enough(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, by="kind", n=6)
    question = found["only"]
    gold = 2
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "2").correct
    assert not judge(question.answer_spec, gold, 1).correct
    assert not judge(question.answer_spec, gold, 3).correct
