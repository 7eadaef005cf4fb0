"""Columns far from normal, with and without the column that is explained."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.ks_normality_test import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def distances(table: pd.DataFrame, question: Question, *, ddof: int = 1) -> dict[str, float]:
    found = {}
    for column in question.parameters["columns"]:  # type: ignore[union-attr]  # a list
        values = table[str(column)].dropna()
        fitted = (values.mean(), values.std(ddof=ddof))
        found[str(column)] = float(stats.kstest(values, "norm", args=fitted).statistic)
    return found


def test_farthest_column_with_and_without_the_target(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    questions = [q for q in settled(TEMPLATE, "penguins", 80) if q.answer_spec.kind == "string"]
    opened = [q for q in questions if len(q.answers) == 2]
    assert opened
    for question in opened:
        every = distances(penguins, question)
        target = str(question.parameters["target"])
        others = {column: far for column, far in every.items() if column != target}
        wanted = {"target included": target, "target excluded": max(others, key=others.__getitem__)}
        assert max(every, key=every.__getitem__) == target
        for answer in question.answers:
            given = wanted[answer.interpretation]
            assert judge(question.answer_spec, answer.value, given).correct
        nearest = min(every, key=every.__getitem__)
        assert not any(
            judge(question.answer_spec, a.value, nearest).correct for a in question.answers
        )
    agreed = [q for q in questions if " or " in q.answers[0].interpretation]
    assert agreed
    assert not any("count" in q.prompt.split("?")[1] for q in agreed)


def test_distance_states_the_deviation_and_refuses_the_other_one(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    numbers = [q for q in settled(TEMPLATE, "penguins", 80) if q.answer_spec.kind == "number"]
    stated = [q for q in numbers if "Use ddof = 1" in q.prompt and "does not count" in q.prompt]
    assert stated
    for question in stated:
        target = str(question.parameters["target"])
        right, wrong = (
            max(v for c, v in distances(penguins, question, ddof=ddof).items() if c != target)
            for ddof in (1, 0)
        )
        value = question.answers[0].value
        assert judge(question.answer_spec, value, right).correct
        assert not judge(question.answer_spec, value, wrong).correct
