"""Rows of all other categories, those without any left out."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.count_not_in_category import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_rows_without_a_kind_are_no_other_kind(asked: Asked, kinds: str) -> None:
    found = asked(TEMPLATE, kinds, column="kind", value="tea")
    values = {"empty cells not counted": 12}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["empty cells not counted"].answer_spec
    assert judge(spec, 12, "12").correct
    prompt = found["empty cells not counted"].prompt
    assert "Do not count rows where that column is empty." in prompt
    assert not judge(found["empty cells not counted"].answer_spec, 12, 16).correct
