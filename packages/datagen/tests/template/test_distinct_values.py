"""Different values, empty cells being none."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.distinct_values import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_an_empty_cell_is_no_value(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, column="kind", where=None)
    values = {"empty is no value": 3}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["empty is no value"].answer_spec
    assert judge(spec, 3, "3").correct
    prompt = found["empty is no value"].prompt
    assert "An empty cell is no value." in prompt
    assert not judge(found["empty is no value"].answer_spec, 3, 4).correct
