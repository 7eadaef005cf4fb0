"""The difference of two percentages, of all rows or of those with a value."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.share_difference_of_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = (
    "kind,cost\n" + "".join(f"tea,{n}\nbun,{n + 10}\n" for n in range(1, 21)) + "tea,\nbun,\n" * 5
)


def test_20_minus_60_or_25_minus_75(asked: Asked) -> None:
    found = asked(
        TEMPLATE, TABLE, first="tea", second="bun", limited="cost", side="greater", limit=15
    )
    values = {"of all rows": -40.0, "of rows with a value": -50.0}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["of all rows"].answer_spec
    assert judge(spec, -40.0, "-40.0").correct
    assert not judge(spec, -40.0, -50.0).correct
    spec = found["of rows with a value"].answer_spec
    assert judge(spec, -50.0, "-50.0").correct
    assert not judge(spec, -50.0, -40.0).correct
    prompt = found["of all rows"].prompt
    assert "Take each percentage of all rows of the group." in prompt
