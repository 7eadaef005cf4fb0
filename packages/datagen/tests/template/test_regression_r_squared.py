"""R squared of a line, which is not R."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest
from scipy import stats

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.regression_r_squared import TEMPLATE
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


def test_answers_are_squares(settled: Settled, penguins: pd.DataFrame) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert len(questions) >= 10
    for question in questions:
        r = float(stats.pearsonr(*pair(penguins, question)).statistic)
        value = question.answers[0].value
        assert judge(question.answer_spec, value, r * r).correct
        assert not judge(question.answer_spec, value, abs(r)).correct


def test_a_copy_in_another_unit_is_not_asked(asked: Callable[..., dict[str, Question]]) -> None:
    rows = [f"{n * n},{n * n * 1.8 + 32},{n * 7 % 13}" for n in range(30)]
    table = "celsius,fahrenheit,wind\n" + "\n".join(rows)
    assert asked(TEMPLATE, table, x="celsius", y="wind")
    assert asked(TEMPLATE, table, x="celsius", y="fahrenheit") == {}
