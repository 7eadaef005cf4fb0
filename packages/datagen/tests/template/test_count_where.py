"""Counts of rows that meet two conditions."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.count_where import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_limit_stands_in_the_prompt_and_counts_are_exact(settled: Settled) -> None:
    questions = settled(TEMPLATE, "penguins", 30)
    assert questions
    for question in questions:
        value = question.answers[0].value
        assert isinstance(value, int)
        assert f"{question.parameters['limit']}" in question.prompt
        assert judge(question.answer_spec, value, f"{value}").correct
        assert not judge(question.answer_spec, value, value + 1).correct
