"""Rows between two limits, these counted or not."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.count_in_range import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_fifteen_and_fifty_count_or_not(asked: Asked, goods: str) -> None:
    found = asked(TEMPLATE, goods, column="sales", low=15, high=45)
    values = {"limits counted": 7, "limits not counted": 5}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["limits counted"].answer_spec
    assert judge(spec, 7, "7").correct
    assert not judge(spec, 7, 5).correct
    spec = found["limits not counted"].answer_spec
    assert judge(spec, 5, "5").correct
    assert not judge(spec, 5, 7).correct
    prompt = found["limits not counted"].prompt
    assert "Do not count rows that equal a limit." in prompt
