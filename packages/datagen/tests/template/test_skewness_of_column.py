"""Skewness by a stated definition, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.skewness_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Values = Callable[[Question], pd.Series]


def test_definition_is_stated_and_the_other_one_is_wrong(settled: Settled, values: Values) -> None:
    questions = [q for q in settled(TEMPLATE, "penguins", 40) if "Use " in q.prompt]
    assert {"Use G1" in q.prompt for q in questions} == {True, False}
    for question in questions:
        sample = "Use G1" in question.prompt
        right, wrong = (
            float(stats.skew(values(question), bias=bias)) for bias in (not sample, sample)
        )
        assert judge(question.answer_spec, question.answers[0].value, right).correct
        assert not judge(question.answer_spec, question.answers[0].value, wrong).correct
