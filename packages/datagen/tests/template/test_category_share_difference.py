"""The difference of two percentages of a category."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.category_share_difference import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_the_denominator_turns_the_sign(asked: Asked, sites_and_gaps: str) -> None:
    found = asked(
        TEMPLATE, sites_and_gaps, by="kind", first="tea", second="bun", column="site", value="east"
    )
    values = {"of all rows": -3.33, "of rows with a value": 10.0}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["of all rows"].answer_spec
    assert judge(spec, -3.33, "-3.33").correct
    assert not judge(spec, -3.33, 10.0).correct
    spec = found["of rows with a value"].answer_spec
    assert judge(spec, 10.0, "10.0").correct
    assert not judge(spec, 10.0, -3.33).correct
    prompt = found["of all rows"].prompt
    assert "Take each percentage of all rows of the group." in prompt
