"""The upper minus the lower quartile, by every method."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.interquartile_range import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "score\n" + "".join(f"{n}\n" for n in (0, 20, 10, 30, 50, 40))


def test_methods_differ_and_one_is_stated(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="score")
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "method=linear": 25.0,
        "method=lower": 20.0,
        "method=higher": 20.0,
        "method=midpoint": 20.0,
    }
    question = found["method=linear"]
    assert 'Use the method "linear"' in question.prompt
    assert judge(question.answer_spec, 25.0, "25").correct
    assert not judge(question.answer_spec, 25.0, 20).correct
