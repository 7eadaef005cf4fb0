"""Changes from the first period to the last, with a sign."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.change_first_to_last import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

MEANS = {2008: 10, 2009: 20, 2010: 50, 2011: 40, 2012: 85, 2013: 81}
TABLE = "year,price\n" + "".join(
    f"{year},{mean + side}\n" for year, mean in MEANS.items() for side in (-1, 1)
)
BY = {"by": "year", "unit": "year", "aggregate": "mean"}


def test_last_minus_first_is_stated_and_the_sign_counts(asked: Asked) -> None:
    (question,) = asked(TEMPLATE, TABLE, **BY).values()
    assert 'the mean of price per "year" change from the first year to the last' in question.prompt
    assert "(the last minus the first)" in question.prompt
    assert question.answers[0].value == 71.0
    assert judge(question.answer_spec, 71.0, "71").correct
    assert not judge(question.answer_spec, 71.0, -71).correct
