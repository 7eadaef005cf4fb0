"""The percentage of rows that pass a limit, of all or of those with a value."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.share_above_limit import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "name,score\n" + "".join(f"a,{n / 2}\n" for n in range(1, 11)) + "b,\n" * 5


def test_five_of_fifteen_or_of_ten(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, limited="score", side="greater", limit=2.5)
    values = {"of all rows": 33.33, "of rows with a value": 50.0}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["of all rows"].answer_spec
    assert judge(spec, 33.33, "33.33").correct
    assert not judge(spec, 33.33, 50.0).correct
    spec = found["of rows with a value"].answer_spec
    assert judge(spec, 50.0, "50.0").correct
    assert not judge(spec, 50.0, 33.33).correct
    prompt = found["of all rows"].prompt
    assert "those without a value included" in prompt
