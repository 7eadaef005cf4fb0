"""Ratios of variances, larger over smaller."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.variance_ratio_of_groups import TEMPLATE
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


def test_ratio_is_at_least_one_and_ddof_is_stated_if_it_matters(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    questions = settled(TEMPLATE, "penguins", 40)
    assert {"Use ddof" in q.prompt for q in questions} == {True, False}
    for question in questions:
        a, b = samples(penguins, question)
        ratio = {}
        for ddof in (0, 1):
            both = a.var(ddof=ddof), b.var(ddof=ddof)
            ratio[f"ddof={ddof}"] = float(max(both) / min(both))
        answer = question.answers[0]
        for name, wanted in ratio.items():
            named = name in answer.interpretation
            assert judge(question.answer_spec, answer.value, wanted).correct is named
        assert not judge(question.answer_spec, answer.value, 1 / ratio["ddof=1"] - 0.01).correct
