"""Groups of a least size."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.groups_with_enough_rows import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "kind,place\n" + "tea,a\n" * 6 + "bun,b\n" * 5 + "pie,c\n" * 7 + ",d\n" * 4


def test_the_size_itself_is_enough(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="kind", n=6)
    question = found["only"]
    gold = 2
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "2").correct
    assert not judge(question.answer_spec, gold, 1).correct
    assert not judge(question.answer_spec, gold, 3).correct
