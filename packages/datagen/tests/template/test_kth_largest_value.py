"""The value at a place of the order, equal values counted one by one or once."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.kth_largest_value import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "name,score\n" + "".join(
    f"{name},{score}\n" for name, score in zip("abcdefgh", (9, 5, 9, 8, 3, 7, 6, 4), strict=True)
)


def test_second_of_two_equal_largest(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="score", n=2, end="largest")
    values = {"ties: every row": 9, "ties: different values": 8}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["ties: every row"].answer_spec
    assert judge(spec, 9, "9").correct
    assert not judge(spec, 9, 8).correct
    spec = found["ties: different values"].answer_spec
    assert judge(spec, 8, "8").correct
    assert not judge(spec, 8, 9).correct
    prompt = found["ties: different values"].prompt
    assert "Count equal values once." in prompt
