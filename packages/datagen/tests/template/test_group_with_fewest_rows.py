"""The rarest value."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.group_with_fewest_rows import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_five_rows_are_the_fewest(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, by="kind")
    question = found["only"]
    gold = "bun"
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "Bun").correct
    assert not judge(question.answer_spec, gold, "tea").correct
    assert not judge(question.answer_spec, gold, "5").correct


def test_two_rarest_values_are_not_asked(asked: Asked) -> None:
    tied = "kind,place\n" + "tea,a\n" * 5 + "bun,b\n" * 5 + "pie,c\n" * 7
    assert asked(TEMPLATE, tied, by="kind") == {}
