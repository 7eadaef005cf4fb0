"""The quotient of two standard deviations."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.spread_ratio_of_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = (
    "kind,score\n"
    + "".join(f"tea,{n}\n" for n in (3, 1, 2, 5, 4))
    + "".join(f"bun,{n}\n" for n in (3, 1, 2, 5, 4, 6, 8, 7, 9, 10))
)


def test_denominators_do_not_cancel(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="score", first="bun", second="tea")
    values = {"ddof=1": 1.91, "ddof=0": 2.03}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["ddof=1"].answer_spec
    assert judge(spec, 1.91, "1.91").correct
    assert not judge(spec, 1.91, 2.03).correct
    spec = found["ddof=0"].answer_spec
    assert judge(spec, 2.03, "2.03").correct
    assert not judge(spec, 2.03, 1.91).correct
    prompt = found["ddof=0"].prompt
    assert "Use ddof = 0 (dividing by n)." in prompt
