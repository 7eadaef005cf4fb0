"""Extremes under two conditions."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.largest_where import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "kind,price,sales\n" + "".join(
    f"{'bun' if n % 2 else 'tea'},{n / 2},{5 * (41 - n)}\n" for n in range(1, 41)
)


def test_dearest_bun_of_which_more_than_100_were_sold(asked: Asked) -> None:
    found = asked(
        TEMPLATE,
        TABLE,
        column="price",
        end="max",
        value="bun",
        limited="sales",
        side="greater",
        limit=100,
    )
    question = found["only"]
    gold = 9.5
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "9.50").correct
    assert not judge(question.answer_spec, gold, 10.0).correct
    assert not judge(question.answer_spec, gold, 19.5).correct
    assert not judge(question.answer_spec, gold, 20.0).correct
