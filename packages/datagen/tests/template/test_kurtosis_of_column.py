"""Kurtosis by a stated definition, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.kurtosis_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Values = Callable[[Question], pd.Series]


def test_definition_is_stated_and_the_others_are_wrong(settled: Settled, values: Values) -> None:
    questions = settled(TEMPLATE, "penguins", 40)
    seen = set()
    refused = 0
    for question in questions:
        cells = values(question)
        wanted = {
            "Use G2": float(stats.kurtosis(cells, bias=False)),
            "Use g2": float(stats.kurtosis(cells)),
            "Use b2": float(stats.kurtosis(cells, fisher=False)),
        }
        for words, value in wanted.items():
            correct = judge(question.answer_spec, question.answers[0].value, value).correct
            if words in question.prompt:
                assert correct
                seen.add(words)
            else:
                refused += not correct
    assert seen == {"Use G2", "Use g2", "Use b2"}
    assert refused >= len(questions)
