"""Welch's test of two groups, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.welch_test import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_answers_are_scipys_and_students_are_wrong(settled: Settled, samples: Pair) -> None:
    questions = settled(TEMPLATE, "penguins", 40)
    assert {"p-value" in q.prompt for q in questions} == {True, False}
    refused = 0
    for question in questions:
        a, b = samples(question)
        right, wrong = (stats.ttest_ind(a, b, equal_var=equal) for equal in (False, True))
        field = "pvalue" if "p-value" in question.prompt else "statistic"
        value = question.answers[0].value
        assert judge(question.answer_spec, value, float(getattr(right, field))).correct
        refused += not judge(question.answer_spec, value, float(getattr(wrong, field))).correct
        assert "Welch" in question.prompt
        assert str(question.parameters["first"]) in question.prompt
    assert refused >= 5


def test_no_p_value_is_degenerate(settled: Settled) -> None:
    asked = [q for q in settled(TEMPLATE, "penguins", 60) if "p-value" in q.prompt]
    assert asked
    assert all(0 < float(str(a.value)) < 1 for q in asked for a in q.answers)
