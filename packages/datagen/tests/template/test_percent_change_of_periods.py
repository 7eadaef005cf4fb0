"""Changes in percent of the first period."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.percent_change_of_periods import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_base_is_stated_and_another_base_is_wrong(
    asked: Asked, prices: str, by_year: dict[str, str]
) -> None:
    (question,) = asked(TEMPLATE, prices, **by_year).values()
    assert "as a percentage of the first, negative for a fall" in question.prompt
    assert question.answers[0].value == 710.0
    assert judge(question.answer_spec, 710.0, "710.001").correct
    assert judge(question.answer_spec, 710.0, "710 %").correct
    assert not judge(question.answer_spec, 710.0, round(100 * 71 / 81, 2)).correct
    assert not judge(question.answer_spec, 710.0, 7.1).correct


def test_a_base_of_zero_is_not_asked(asked: Asked, prices: str, by_year: dict[str, str]) -> None:
    none = prices.replace("2008,9", "2008,-1").replace("2008,11", "2008,1")
    assert asked(TEMPLATE, none, **by_year) == {}
