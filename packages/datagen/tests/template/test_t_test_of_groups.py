"""t-tests whose variant is stated wherever it matters."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.t_test_of_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_variant_is_stated_unless_both_agree(settled: Settled, samples: Pair) -> None:
    questions = settled(TEMPLATE, "penguins", 80)
    stated = [q for q in questions if "Use " in q.prompt]
    agreed = [q for q in questions if " or " in q.answers[0].interpretation]
    assert stated
    assert agreed
    for question in questions:
        a, b = samples(question)
        p = {
            name: float(stats.ttest_ind(a, b, equal_var=name == "Student").pvalue)
            for name in ("Student", "Welch")
        }
        value = question.answers[0].value
        for name, other in (("Student", "Welch"), ("Welch", "Student")):
            if name in question.answers[0].interpretation:
                assert judge(question.answer_spec, value, p[name]).correct
                both = other in question.answers[0].interpretation
                assert judge(question.answer_spec, value, p[other]).correct is both
