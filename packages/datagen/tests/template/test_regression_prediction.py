"""Predictions of a line at a stated value."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.regression_prediction import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_value_stands_in_the_prompt_and_the_lines_value_is_the_answer(
    settled: Settled, pair: Pair
) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert len(questions) >= 10
    for question in questions:
        line = stats.linregress(*pair(question))
        at = question.parameters["at"]
        assert isinstance(at, int | float)
        assert f" is {at}?" in question.prompt
        value = question.answers[0].value
        assert judge(question.answer_spec, value, float(line.intercept + line.slope * at)).correct
        assert not judge(question.answer_spec, value, float(line.intercept)).correct
