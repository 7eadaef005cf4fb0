"""Mann-Whitney tests with stated conventions, against scipy."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest
from scipy import stats

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.mann_whitney_test import TEMPLATE
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


def test_p_values_state_the_correction_for_continuity(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    stated = [q for q in settled(TEMPLATE, "penguins", 80) if "orrect for continuity" in q.prompt]
    assert {"Do not correct" in q.prompt for q in stated} == {True, False}
    for question in stated:
        a, b = samples(penguins, question)
        right, wrong = (
            stats.mannwhitneyu(a, b, use_continuity=use, method="asymptotic").pvalue
            for use in (("Do not" not in question.prompt), ("Do not" in question.prompt))
        )
        value = question.answers[0].value
        assert judge(question.answer_spec, value, float(right)).correct
        assert not judge(question.answer_spec, value, float(wrong)).correct


def test_u_is_of_the_first_or_the_smaller_one(settled: Settled, penguins: pd.DataFrame) -> None:
    asked = [q for q in settled(TEMPLATE, "penguins", 80) if "U statistic of the" in q.prompt]
    assert asked
    for question in asked:
        a, b = samples(penguins, question)
        u = float(stats.mannwhitneyu(a, b).statistic)
        smaller = min(u, len(a) * len(b) - u)
        name = question.answers[0].interpretation
        wanted = smaller if "smaller" in name else u
        assert judge(question.answer_spec, question.answers[0].value, wanted).correct
        larger = len(a) * len(b) - smaller
        found = judge(question.answer_spec, question.answers[0].value, larger).correct
        assert found is (wanted == larger)
