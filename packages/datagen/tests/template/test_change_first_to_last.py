"""Changes from the first period to the last, with a sign."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.change_first_to_last import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_last_minus_first_is_stated_and_the_sign_counts(
    asked: Asked, prices: str, by_year: dict[str, str]
) -> None:
    (question,) = asked(TEMPLATE, prices, **by_year).values()
    assert 'the mean of price per "year" change from the first year to the last' in question.prompt
    assert "(the last minus the first)" in question.prompt
    assert question.answers[0].value == 71.0
    assert judge(question.answer_spec, 71.0, "71").correct
    assert not judge(question.answer_spec, 71.0, -71).correct
