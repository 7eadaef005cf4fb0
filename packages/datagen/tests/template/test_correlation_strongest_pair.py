"""The strongest of some correlations, by a stated coefficient."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tracemill_datagen.template.correlation_strongest_pair import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_coefficient_is_stated_and_another_one_is_wrong(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert {q.answers[0].interpretation for q in questions} >= {"Pearson", "Spearman"}
    for question in questions:
        columns = [str(column) for column in question.parameters["columns"]]  # type: ignore[union-attr]
        for method in ("pearson", "spearman"):
            matrix = penguins[columns].corr(method=method).abs()
            strongest = float(matrix.where(matrix < 1).max().max())
            named = method.capitalize() in question.answers[0].interpretation
            found = judge(question.answer_spec, question.answers[0].value, strongest).correct
            assert found is named
