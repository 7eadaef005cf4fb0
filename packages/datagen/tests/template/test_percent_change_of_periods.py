"""Changes in percent of the first period."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.percent_change_of_periods import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

MEANS = {2008: 10, 2009: 20, 2010: 50, 2011: 40, 2012: 85, 2013: 81}
TABLE = "year,price\n" + "".join(
    f"{year},{mean + side}\n" for year, mean in MEANS.items() for side in (-1, 1)
)
BY = {"by": "year", "unit": "year", "aggregate": "mean"}


def test_base_is_stated_and_another_base_is_wrong(asked: Asked) -> None:
    (question,) = asked(TEMPLATE, TABLE, **BY).values()
    assert "as a percentage of the first, negative for a fall" in question.prompt
    assert question.answers[0].value == 710.0
    assert judge(question.answer_spec, 710.0, "710.001").correct
    assert judge(question.answer_spec, 710.0, "710 %").correct
    assert not judge(question.answer_spec, 710.0, round(100 * 71 / 81, 2)).correct
    assert not judge(question.answer_spec, 710.0, 7.1).correct


def test_a_base_of_zero_is_not_asked(asked: Asked) -> None:
    none = TABLE.replace("2008,9", "2008,-1").replace("2008,11", "2008,1")
    assert asked(TEMPLATE, none, **BY) == {}
