"""Outliers by interquartile ranges, with a stated method of the quartiles."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.outlier_count_iqr import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]
Settled = Callable[[Template, str, int], list[Question]]


def test_method_is_stated_where_it_matters_and_another_count_is_wrong(
    asked: Asked, scores: str
) -> None:
    found = asked(TEMPLATE, scores, column="score", k=1.5)
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "method=linear": 3,
        "method=lower": 4,
        "method=higher": 3,
        "method=midpoint": 3,
    }
    question = found["method=lower"]
    assert "more than 1.5 times the interquartile range below the first quartile" in question.prompt
    assert 'Use the method "lower"' in question.prompt
    assert judge(question.answer_spec, 4, "4").correct
    assert not judge(question.answer_spec, 4, 3).correct


TABLES = ("elements", "penguins", "state_crime")


def test_quartiles_of_some_rows_are_those_of_these_rows(settled: Settled) -> None:
    prompts = [q.prompt for table in TABLES for q in settled(TEMPLATE, table, 60)]
    assert {"over the rows where" in prompt for prompt in prompts} == {True, False}
    for prompt in prompts:
        over = "over the rows where" in prompt
        assert ("counted from 0, on these rows only)?" in prompt) is over
