"""Means of what outliers leave, with a stated method of the quartiles."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.mean_without_outliers import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]
Settled = Callable[[Template, str, int], list[Question]]


def test_method_is_stated_and_the_mean_with_outliers_is_wrong(asked: Asked, scores: str) -> None:
    found = asked(TEMPLATE, scores, column="score", k=1.5)
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "method=linear": 14.73,
        "method=lower": 13.79,
        "method=higher": 14.73,
        "method=midpoint": 14.73,
    }
    question = found["method=linear"]
    assert 'Use the method "linear"' in question.prompt
    assert judge(question.answer_spec, 14.73, "14.733").correct
    with_outliers = round(fmean(int(score) for score in scores.split()[1:]), 2)
    assert not judge(question.answer_spec, 14.73, with_outliers).correct


def test_columns_without_outliers_are_not_asked(asked: Asked) -> None:
    assert asked(TEMPLATE, "score\n" + "".join(f"{n * 7 % 20}\n" for n in range(20))) == {}


TABLES = ("elements", "penguins", "state_crime")


def test_quartiles_of_some_rows_are_those_of_these_rows(settled: Settled) -> None:
    prompts = [q.prompt for table in TABLES for q in settled(TEMPLATE, table, 60)]
    assert {"over the rows where" in prompt for prompt in prompts} == {True, False}
    for prompt in prompts:
        over = "over the rows where" in prompt
        assert ("counted from 0, on these rows only)?" in prompt) is over
