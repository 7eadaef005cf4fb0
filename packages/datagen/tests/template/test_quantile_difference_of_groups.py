"""The difference of two quantiles, by every method."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.quantile_difference_of_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = (
    "kind,score\n"
    + "".join(f"tea,{n}\n" for n in (0, 20, 10, 30, 50, 40))
    + "".join(f"bun,{n}\n" for n in (100, 102, 101, 103, 104))
)


def test_between_10_and_20_minus_101(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="score", q=0.25, first="tea", second="bun")
    values = {
        "method=linear": -88.5,
        "method=lower": -91.0,
        "method=higher": -81.0,
        "method=midpoint": -86.0,
    }
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["method=linear"].answer_spec
    assert judge(spec, -88.5, "-88.5").correct
    assert not judge(spec, -88.5, -86.0).correct
    spec = found["method=lower"].answer_spec
    assert judge(spec, -91.0, "-91.0").correct
    assert not judge(spec, -91.0, -88.5).correct
    spec = found["method=higher"].answer_spec
    assert judge(spec, -81.0, "-81.0").correct
    assert not judge(spec, -81.0, -91.0).correct
    spec = found["method=midpoint"].answer_spec
    assert judge(spec, -86.0, "-86.0").correct
    assert not judge(spec, -86.0, -81.0).correct
    prompt = found["method=lower"].prompt
    assert 'Use the method "lower"' in prompt
