"""Ratios of variances, larger over smaller."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.variance_ratio_of_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_ratio_is_at_least_one_and_ddof_is_stated_if_it_matters(
    settled: Settled, samples: Pair
) -> None:
    questions = settled(TEMPLATE, "penguins", 40)
    assert {"Use ddof" in q.prompt for q in questions} == {True, False}
    for question in questions:
        a, b = samples(question)
        ratio = {}
        for ddof in (0, 1):
            both = a.var(ddof=ddof), b.var(ddof=ddof)
            ratio[f"ddof={ddof}"] = float(max(both) / min(both))
        answer = question.answers[0]
        for name, wanted in ratio.items():
            named = name in answer.interpretation
            assert judge(question.answer_spec, answer.value, wanted).correct is named
        assert not judge(question.answer_spec, answer.value, 1 / ratio["ddof=1"] - 0.01).correct
