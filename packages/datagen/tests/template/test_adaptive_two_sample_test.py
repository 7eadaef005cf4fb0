"""Tests that the data choose: both sides of the decision occur, and the other test is wrong."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest
from scipy import stats

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.adaptive_two_sample_test import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


@pytest.fixture
def tables(benches: dict[str, Bench]) -> dict[str, pd.DataFrame]:
    return {
        name: pd.read_csv(BytesIO(csv_bytes(benches[name].sheet.columns)))
        for name in ("penguins", "elements")
    }


def decided(table: pd.DataFrame, question: Question, name: str) -> tuple[float, float, bool]:
    """p of the test that the condition chooses, p of the other one, and whether it holds."""
    by, column = (str(question.parameters[key]) for key in ("by", "column"))
    inside = table[by] == question.parameters["value"]
    a = table[inside][column].dropna()
    rest = table if "included" in name else table[table[by].notna() & ~inside]
    b = rest[column].dropna()
    limit = question.parameters["limit"]
    assert isinstance(limit, int | float)
    student = float(stats.ttest_ind(a, b).pvalue)
    if "variances" in question.prompt:
        holds = float(max(a.var(), b.var()) / min(a.var(), b.var())) > limit
        other = float(stats.ttest_ind(a, b, equal_var=False).pvalue)
    else:
        holds = float(stats.kstest(a, "norm", args=(a.mean(), a.std())).statistic) > limit
        other = float(stats.mannwhitneyu(a, b, method="asymptotic").pvalue)
    return (other, student, True) if holds else (student, other, False)


def test_condition_chooses_and_the_other_test_is_wrong(
    settled: Settled, tables: dict[str, pd.DataFrame]
) -> None:
    seen = set()
    refused = 0
    asked = [(table, q) for name, table in tables.items() for q in settled(TEMPLATE, name, 90)]
    answers = [(table, q, answer) for table, q in asked for answer in q.answers]
    for table, question, answer in answers:
        for reading in answer.interpretation.split(" or "):
            right, wrong, holds = decided(table, question, reading)
            assert judge(question.answer_spec, answer.value, right).correct
            if round(right, 4) != round(wrong, 4):
                refused += not judge(question.answer_spec, answer.value, wrong).correct
            seen.add(("variances" in question.prompt, holds))
    assert seen == {(True, True), (True, False), (False, True), (False, False)}
    assert refused >= 10


def test_the_group_against_the_rest_and_against_all_are_admissible_or_stated(
    settled: Settled,
) -> None:
    questions = settled(TEMPLATE, "penguins", 60)
    opened = [q for q in questions if len(q.answers) == 2]
    assert opened
    for question in opened:
        values = [answer.value for answer in question.answers]
        assert {answer.interpretation for answer in question.answers} == {
            "target excluded",
            "target included",
        }
        assert all(any(judge(question.answer_spec, v, w).correct for v in values) for w in values)
        assert not any(judge(question.answer_spec, v, 0.5).correct for v in values)
    stated = [q for q in questions if "Compare with the rows with another value" in q.prompt]
    assert stated
    assert all(str(q.parameters["limit"]) in q.prompt for q in questions)
    assert all(0 < float(str(a.value)) < 1 for q in questions for a in q.answers)
