"""Decisions by a group's mean against the overall mean."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from tracemill_datagen.template.group_above_overall_mean import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

LEVELS = {"a": (20, 10), "b": (5, 1), "c": (5, 6)}
"""Group -> rows, mean: 7.83 is the mean of all rows, 5.67 that of the groups' means."""

ROWS = [
    (group, mean + (n % 5 - 2) / 10, n * n % 31 + ord(group))
    for group, (rows, mean) in LEVELS.items()
    for n in range(rows)
]
TABLE = "kind,level,score\n" + "".join(f"{kind},{x},{y}\n" for kind, x, y in ROWS)


def test_overall_mean_is_stated_where_it_turns_the_decision(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="kind", value="c", column="level", target="score")
    inside = float(median(y for kind, _, y in ROWS if kind == "c"))
    outside = float(median(y for kind, _, y in ROWS if kind != "c"))
    assert inside != outside
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "mean of all rows": outside,
        "mean of the groups' means": inside,
    }
    question = found["mean of all rows"]
    assert "The overall mean is that of all rows." in question.prompt
    assert judge(question.answer_spec, outside, f"{outside}").correct
    assert not judge(question.answer_spec, outside, inside).correct


def test_clear_decisions_state_nothing(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="kind", value="b", column="level", target="score")
    assert found
    for question in found.values():
        assert "The overall mean is" not in question.prompt
        assert question.answers[0].value == float(median(y for kind, _, y in ROWS if kind != "b"))
