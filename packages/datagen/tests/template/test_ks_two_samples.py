"""Distances of two distributions, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.ks_two_samples import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_answers_are_scipys(settled: Settled, samples: Pair) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert len(questions) >= 10
    for question in questions:
        wanted = stats.ks_2samp(*samples(question))
        value = question.answers[0].value
        assert judge(question.answer_spec, value, float(wanted.statistic)).correct
        assert not judge(question.answer_spec, value, float(wanted.statistic) + 0.001).correct
