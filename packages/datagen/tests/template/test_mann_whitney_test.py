"""Mann-Whitney tests with stated conventions, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.mann_whitney_test import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_p_values_state_the_correction_for_continuity(settled: Settled, samples: Pair) -> None:
    stated = [q for q in settled(TEMPLATE, "penguins", 80) if "orrect for continuity" in q.prompt]
    assert {"Do not correct" in q.prompt for q in stated} == {True, False}
    for question in stated:
        a, b = samples(question)
        right, wrong = (
            stats.mannwhitneyu(a, b, use_continuity=use, method="asymptotic").pvalue
            for use in (("Do not" not in question.prompt), ("Do not" in question.prompt))
        )
        value = question.answers[0].value
        assert judge(question.answer_spec, value, float(right)).correct
        assert not judge(question.answer_spec, value, float(wrong)).correct


def test_u_is_of_the_first_or_the_smaller_one(settled: Settled, samples: Pair) -> None:
    asked = [q for q in settled(TEMPLATE, "penguins", 80) if "U statistic of the" in q.prompt]
    assert asked
    for question in asked:
        a, b = samples(question)
        u = float(stats.mannwhitneyu(a, b).statistic)
        smaller = min(u, len(a) * len(b) - u)
        name = question.answers[0].interpretation
        wanted = smaller if "smaller" in name else u
        assert judge(question.answer_spec, question.answers[0].value, wanted).correct
        larger = len(a) * len(b) - smaller
        found = judge(question.answer_spec, question.answers[0].value, larger).correct
        assert found is (wanted == larger)


def test_the_prompt_says_of_which_sample_u_is(settled: Settled) -> None:
    asked = [q for q in settled(TEMPLATE, "penguins", 80) if "U statistic of the Mann" in q.prompt]
    said = {
        "Give U of the sample that is named first: the number of pairs in which its value is the "
        "larger, ties as one half.": 0,
        "Give the smaller of the U statistics of the two samples.": 0,
    }
    for question in asked:
        for sentence in said:
            said[sentence] += sentence in question.prompt
    assert all(said.values())
    assert "of the first." not in "".join(question.prompt for question in asked)
