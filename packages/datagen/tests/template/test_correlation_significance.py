"""p-values of a correlation, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.correlation_significance import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_answers_are_scipys_and_never_zero_or_one(settled: Settled, pair: Pair) -> None:
    questions = settled(TEMPLATE, "penguins", 150)
    assert len(questions) >= 3
    for question in questions:
        wanted = float(stats.pearsonr(*pair(question)).pvalue)
        value = question.answers[0].value
        assert isinstance(value, float)
        assert 0 < value < 1
        assert judge(question.answer_spec, value, wanted).correct
        assert not judge(question.answer_spec, value, value + 0.01).correct
