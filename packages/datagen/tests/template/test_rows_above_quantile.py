"""Rows above a quantile, by every method."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.rows_above_quantile import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "cost\n" + "".join(f"{n / 2}\n" for n in range(1, 23))


def test_rows_above_rank_15_75(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="cost", q=0.75)
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "method=linear": 6,
        "method=lower": 6,
        "method=higher": 5,
        "method=midpoint": 6,
    }
    question = found["method=higher"]
    assert 'Use the method "higher"' in question.prompt
    assert judge(question.answer_spec, 5, "5").correct
    assert not judge(question.answer_spec, 5, 6).correct
