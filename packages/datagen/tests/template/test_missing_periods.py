"""Days and months without rows."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.missing_periods import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_missing_days_are_counted_exactly(asked: Asked, days: str) -> None:
    (question,) = asked(TEMPLATE, days, by="on", unit="day").values()
    assert 'calendar days between the earliest and the latest "on" have no rows' in question.prompt
    assert question.answers[0].value == 6
    assert judge(question.answer_spec, 6, "6").correct
    assert not judge(question.answer_spec, 6, 7).correct


def test_missing_months_are_counted_exactly(asked: Asked) -> None:
    months = "on,x\n" + "".join(f"2024-{month:02}-01,{month}\n" for month in (1, 2, 4, 5, 8, 9))
    (question,) = asked(TEMPLATE, months, by="on", unit="month").values()
    assert question.answers[0].value == 3
    assert asked(TEMPLATE, months, by="on", unit="day") == {}
