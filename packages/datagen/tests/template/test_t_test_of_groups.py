"""t-tests whose variant is stated wherever it matters."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pandas as pd
import pytest
from scipy import stats

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.t_test_of_groups import TEMPLATE
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


def test_variant_is_stated_unless_both_agree(settled: Settled, penguins: pd.DataFrame) -> None:
    questions = settled(TEMPLATE, "penguins", 80)
    stated = [q for q in questions if "Use " in q.prompt]
    agreed = [q for q in questions if " or " in q.answers[0].interpretation]
    assert stated
    assert agreed
    for question in questions:
        a, b = samples(penguins, question)
        p = {
            name: float(stats.ttest_ind(a, b, equal_var=name == "Student").pvalue)
            for name in ("Student", "Welch")
        }
        value = question.answers[0].value
        for name, other in (("Student", "Welch"), ("Welch", "Student")):
            if name in question.answers[0].interpretation:
                assert judge(question.answer_spec, value, p[name]).correct
                both = other in question.answers[0].interpretation
                assert judge(question.answer_spec, value, p[other]).correct is both
