"""Rows a group has on average."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.mean_group_size import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_rows_without_a_kind_are_in_no_group(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, by="kind")
    values = {"rows with a value": 6.0}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["rows with a value"].answer_spec
    assert judge(spec, 6.0, "6.0").correct
    prompt = found["rows with a value"].prompt
    assert "Count only rows that have a value in that column." in prompt
    assert not judge(found["rows with a value"].answer_spec, 6.0, 7.33).correct
