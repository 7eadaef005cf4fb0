"""The largest group's percentage."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.share_of_largest_group import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_seven_of_eighteen_and_not_of_22(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, by="kind")
    values = {"of rows with a value": 38.89}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["of rows with a value"].answer_spec
    assert judge(spec, 38.89, "38.89").correct
    prompt = found["of rows with a value"].prompt
    assert "Take the percentage of the rows that have a value in that column." in prompt
    assert not judge(found["of rows with a value"].answer_spec, 38.89, 31.82).correct
