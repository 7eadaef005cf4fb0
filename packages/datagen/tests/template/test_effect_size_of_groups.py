"""Cohen's d with its direction, against a formula from t."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.effect_size_of_groups import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_d_has_a_sign_and_the_pooled_deviation(settled: Settled, samples: Pair) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert len(questions) >= 10
    for question in questions:
        a, b = samples(question)
        wanted = float(stats.ttest_ind(a, b).statistic) * (1 / len(a) + 1 / len(b)) ** 0.5
        value = question.answers[0].value
        assert judge(question.answer_spec, value, wanted).correct
        assert not judge(question.answer_spec, value, -wanted).correct
