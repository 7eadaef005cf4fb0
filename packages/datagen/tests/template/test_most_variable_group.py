"""The group with the largest spread, by both denominators."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.most_variable_group import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = (
    "kind,score\n"
    + "".join(f"tea,{n}\n" for n in (3, 1, 2, 5, 4))
    + "".join(f"bun,{n}\n" for n in (5, 1, 5, 1, 4, 2, 4, 2, 4, 2))
)


def test_variances_2_5_and_2_44_or_2_and_2_2(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="kind", column="score", end="largest")
    values = {"ddof=1": "tea", "ddof=0": "bun"}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["ddof=1"].answer_spec
    assert judge(spec, "tea", "tea").correct
    assert not judge(spec, "tea", "bun").correct
    spec = found["ddof=0"].answer_spec
    assert judge(spec, "bun", "bun").correct
    assert not judge(spec, "bun", "tea").correct
    prompt = found["ddof=0"].prompt
    assert "Use ddof = 0 (dividing by n)." in prompt
