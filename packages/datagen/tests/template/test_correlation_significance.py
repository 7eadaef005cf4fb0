"""p-values of a correlation, against scipy."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest
from scipy import stats

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.correlation_significance import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


@pytest.fixture
def penguins(benches: dict[str, Bench]) -> pd.DataFrame:
    return pd.read_csv(BytesIO(csv_bytes(benches["penguins"].sheet.columns)))


def pair(table: pd.DataFrame, question: Question) -> tuple[pd.Series, pd.Series]:
    """The two columns that a question is about, on its rows, without empty cells."""
    rows = table
    if "where" in question.parameters:
        rows = table[table[str(question.parameters["where"])] == question.parameters["value"]]
    x, y = (str(question.parameters[key]) for key in ("x", "y"))
    whole = rows[[x, y]].dropna()
    return whole[x], whole[y]


def test_answers_are_scipys_and_never_zero_or_one(settled: Settled, penguins: pd.DataFrame) -> None:
    questions = settled(TEMPLATE, "penguins", 150)
    assert len(questions) >= 3
    for question in questions:
        wanted = float(stats.pearsonr(*pair(penguins, question)).pvalue)
        value = question.answers[0].value
        assert isinstance(value, float)
        assert 0 < value < 1
        assert judge(question.answer_spec, value, wanted).correct
        assert not judge(question.answer_spec, value, value + 0.01).correct
