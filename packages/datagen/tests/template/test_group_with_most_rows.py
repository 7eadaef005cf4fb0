"""The most frequent value under a condition."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.group_with_most_rows import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "kind,price\n" + "".join(f"{'tea' if n < 9 else 'bun'},{n / 2}\n" for n in range(1, 15))


def test_six_buns_and_four_teas_cost_more_than_2(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="kind", limited="price", side="greater", limit=2.0)
    question = found["only"]
    gold = "bun"
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "Bun").correct
    assert not judge(question.answer_spec, gold, "tea").correct
    assert not judge(question.answer_spec, gold, "6").correct
