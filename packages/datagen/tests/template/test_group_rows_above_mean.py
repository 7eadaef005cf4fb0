"""Rows of a group above the mean of all rows, or of the group."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.group_rows_above_mean import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "kind,score\n" + "".join(f"tea,{n}\nbun,{n + 7}\n" for n in (3, 1, 2, 5, 4, 6, 8, 7, 9, 10))


def test_mean_of_nine_or_of_twelve_and_a_half(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="kind", value="bun", column="score")
    values = {"mean of all rows": 8, "mean of the group": 5}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["mean of all rows"].answer_spec
    assert judge(spec, 8, "8").correct
    assert not judge(spec, 8, 5).correct
    spec = found["mean of the group"].answer_spec
    assert judge(spec, 5, "5").correct
    assert not judge(spec, 5, 8).correct
    prompt = found["mean of the group"].prompt
    assert "Take the mean over the rows of that group only." in prompt
