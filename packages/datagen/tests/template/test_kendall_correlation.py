"""Kendall's tau-b, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.kendall_correlation import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_answers_are_tau_b_and_other_coefficients_are_wrong(settled: Settled, pair: Pair) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert len(questions) >= 10
    for question in questions:
        x, y = pair(question)
        value = question.answers[0].value
        assert judge(question.answer_spec, value, float(stats.kendalltau(x, y).statistic)).correct
        assert not judge(
            question.answer_spec, value, float(stats.spearmanr(x, y).statistic)
        ).correct
        assert "tau-b" in question.prompt
