"""R squared of a line, which is not R."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.regression_r_squared import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Pair = Callable[[Question], tuple[pd.Series, pd.Series]]


def test_answers_are_squares(settled: Settled, pair: Pair) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert len(questions) >= 10
    for question in questions:
        r = float(stats.pearsonr(*pair(question)).statistic)
        value = question.answers[0].value
        assert judge(question.answer_spec, value, r * r).correct
        assert not judge(question.answer_spec, value, abs(r)).correct


def test_a_copy_in_another_unit_is_not_asked(asked: Callable[..., dict[str, Question]]) -> None:
    rows = [f"{n * n},{n * n * 1.8 + 32},{n * 7 % 13}" for n in range(30)]
    table = "celsius,fahrenheit,wind\n" + "\n".join(rows)
    assert asked(TEMPLATE, table, x="celsius", y="wind")
    assert asked(TEMPLATE, table, x="celsius", y="fahrenheit") == {}
