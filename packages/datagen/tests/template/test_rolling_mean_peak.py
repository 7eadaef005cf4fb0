"""Peaks of rolling means, with a stated name of the window."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.rolling_mean_peak import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_name_of_the_window_is_stated_and_another_is_wrong(
    asked: Asked, prices: str, by_year: dict[str, str]
) -> None:
    found = asked(TEMPLATE, prices, **by_year, window=3)
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "window named by its last": 2013,
        "window named by its first": 2011,
        "window named by its middle": 2012,
    }
    question = found["window named by its middle"]
    assert "rolling mean over 3 years of the mean of price per year" in question.prompt
    assert "Name each window by its middle year." in question.prompt
    assert judge(question.answer_spec, 2012, "2012").correct
    assert not judge(question.answer_spec, 2012, 2013).correct
