"""The standard deviation divided by the mean."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.coefficient_of_variation import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "cost\n" + "".join(f"{n}\n" for n in (3, 1, 2, 5, 4))


def test_of_five_costs(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="cost")
    values = {"ddof=1": 0.527, "ddof=0": 0.4714}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["ddof=1"].answer_spec
    assert judge(spec, 0.527, "0.527").correct
    assert not judge(spec, 0.527, 0.4714).correct
    spec = found["ddof=0"].answer_spec
    assert judge(spec, 0.4714, "0.4714").correct
    assert not judge(spec, 0.4714, 0.527).correct
    prompt = found["ddof=1"].prompt
    assert "Use ddof = 1 (dividing by n - 1)." in prompt


def test_columns_that_reach_zero_are_not_asked(asked: Asked) -> None:
    assert asked(TEMPLATE, TABLE.replace("1", "0")) == {}
