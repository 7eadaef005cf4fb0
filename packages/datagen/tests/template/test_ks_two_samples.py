"""Distances of two distributions, against scipy."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest
from scipy import stats

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.ks_two_samples import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


@pytest.fixture
def penguins(benches: dict[str, Bench]) -> pd.DataFrame:
    return pd.read_csv(BytesIO(csv_bytes(benches["penguins"].sheet.columns)))


def samples(table: pd.DataFrame, question: Question) -> tuple[pd.Series, pd.Series]:
    """The values of both groups that a question compares."""
    by, column = (str(question.parameters[key]) for key in ("by", "column"))
    first, second = (
        table[table[by] == question.parameters[key]][column].dropna() for key in ("first", "second")
    )
    return first, second


def test_answers_are_scipys(settled: Settled, penguins: pd.DataFrame) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert len(questions) >= 10
    for question in questions:
        wanted = stats.ks_2samp(*samples(penguins, question))
        value = question.answers[0].value
        assert judge(question.answer_spec, value, float(wanted.statistic)).correct
        assert not judge(question.answer_spec, value, float(wanted.statistic) + 0.001).correct
