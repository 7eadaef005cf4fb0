"""Covariances with a stated denominator."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tracemill_datagen.template.covariance_of_columns import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_denominator_is_stated_and_the_other_one_is_wrong(settled: Settled, pair: Pair) -> None:
    stated = [q for q in settled(TEMPLATE, "penguins", 40) if "Use ddof" in q.prompt]
    assert {q.parameters["ddof"] for q in stated} == {0, 1}
    for question in stated:
        x, y = pair(question)
        ddof = int(str(question.parameters["ddof"]))
        right, wrong = (float(x.cov(y, ddof=d)) for d in (ddof, 1 - ddof))
        assert judge(question.answer_spec, question.answers[0].value, right).correct
        assert not judge(question.answer_spec, question.answers[0].value, wrong).correct
