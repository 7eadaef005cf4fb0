"""A percentage within a category, of all its rows or of those with a value."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.row_percentage import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_six_of_twenty_or_of_ten(asked: Asked, sites_and_gaps: str) -> None:
    found = asked(TEMPLATE, sites_and_gaps, by="kind", given="tea", column="site", value="east")
    values = {"of all rows": 30.0, "of rows with a value": 60.0}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["of all rows"].answer_spec
    assert judge(spec, 30.0, "30.0").correct
    assert not judge(spec, 30.0, 60.0).correct
    spec = found["of rows with a value"].answer_spec
    assert judge(spec, 60.0, "60.0").correct
    assert not judge(spec, 60.0, 30.0).correct
    prompt = found["of rows with a value"].prompt
    assert "Take the percentage of the rows that have a value of site among them." in prompt
