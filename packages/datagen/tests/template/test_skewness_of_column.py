"""Skewness by a stated definition, against scipy."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest
from scipy import stats

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.skewness_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


@pytest.fixture
def penguins(benches: dict[str, Bench]) -> pd.DataFrame:
    return pd.read_csv(BytesIO(csv_bytes(benches["penguins"].sheet.columns)))


def values(table: pd.DataFrame, question: Question) -> pd.Series:
    """The column that a question is about, on its rows, without empty cells."""
    rows = table
    if "where" in question.parameters:
        rows = table[table[str(question.parameters["where"])] == question.parameters["value"]]
    return rows[str(question.parameters["column"])].dropna()


def test_definition_is_stated_and_the_other_one_is_wrong(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    questions = [q for q in settled(TEMPLATE, "penguins", 40) if "Use " in q.prompt]
    assert {"Use G1" in q.prompt for q in questions} == {True, False}
    for question in questions:
        sample = "Use G1" in question.prompt
        right, wrong = (
            float(stats.skew(values(penguins, question), bias=bias))
            for bias in (not sample, sample)
        )
        assert judge(question.answer_spec, question.answers[0].value, right).correct
        assert not judge(question.answer_spec, question.answers[0].value, wrong).correct
