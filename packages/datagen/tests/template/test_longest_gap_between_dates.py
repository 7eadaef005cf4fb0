"""Longest gaps, with a stated way to count days."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.longest_gap_between_dates import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_way_to_count_is_stated_and_the_other_one_is_wrong(asked: Asked, days: str) -> None:
    found = asked(TEMPLATE, days, by="on")
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "later date minus earlier date": 6,
        "days without rows": 5,
    }
    question = found["days without rows"]
    assert "from 1 May to 3 May it is 1." in question.prompt
    assert judge(question.answer_spec, 5, "5").correct
    assert not judge(question.answer_spec, 5, 6).correct


def test_regular_dates_are_not_asked(asked: Asked) -> None:
    monthly = "on,x\n" + "".join(f"2024-{month:02}-01,{month}\n" for month in range(1, 13))
    assert asked(TEMPLATE, monthly) == {}
