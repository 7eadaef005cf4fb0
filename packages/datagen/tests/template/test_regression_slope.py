"""Slopes and intercepts, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.regression_slope import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_line_predicts_y_from_x_and_the_other_line_is_wrong(settled: Settled, pair: Pair) -> None:
    questions = settled(TEMPLATE, "penguins", 40)
    assert {"slope" in q.prompt for q in questions} == {True, False}
    for question in questions:
        x, y = pair(question)
        field = "slope" if "slope" in question.prompt else "intercept"
        right, wrong = (float(getattr(stats.linregress(*xy), field)) for xy in ((x, y), (y, x)))
        value = question.answers[0].value
        assert judge(question.answer_spec, value, right).correct
        assert not judge(question.answer_spec, value, wrong).correct
