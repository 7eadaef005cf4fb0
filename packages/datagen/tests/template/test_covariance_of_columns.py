"""Covariances with a stated denominator."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.covariance_of_columns import TEMPLATE
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


def test_denominator_is_stated_and_the_other_one_is_wrong(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    stated = [q for q in settled(TEMPLATE, "penguins", 40) if "Use ddof" in q.prompt]
    assert {q.parameters["ddof"] for q in stated} == {0, 1}
    for question in stated:
        x, y = pair(penguins, question)
        ddof = int(str(question.parameters["ddof"]))
        right, wrong = (float(x.cov(y, ddof=d)) for d in (ddof, 1 - ddof))
        assert judge(question.answer_spec, question.answers[0].value, right).correct
        assert not judge(question.answer_spec, question.answers[0].value, wrong).correct
