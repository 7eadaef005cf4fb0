"""Groups above the mean of all rows, or of the groups' means."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.groups_above_mean import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = (
    "kind,price\n"
    + "a,0.5\na,1.5\n" * 5
    + "b,4.0\nb,5.0\n" * 2
    + "b,4.5\n"
    + "c,8.0\nc,10.0\n" * 2
    + "c,9.0\n"
)


def test_mean_of_3_88_or_of_4_83(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="kind", column="price")
    values = {"mean of all rows": 2, "mean of the groups' means": 1}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["mean of all rows"].answer_spec
    assert judge(spec, 2, "2").correct
    assert not judge(spec, 2, 1).correct
    spec = found["mean of the groups' means"].answer_spec
    assert judge(spec, 1, "1").correct
    assert not judge(spec, 1, 2).correct
    prompt = found["mean of the groups' means"].prompt
    assert "The overall mean is the mean of the groups' means, each group counting once." in prompt
    assert "Take the mean" not in prompt
    assert "The overall mean is that of all rows." in found["mean of all rows"].prompt
