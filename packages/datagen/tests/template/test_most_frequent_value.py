"""Modes that are unique."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.most_frequent_value import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_mode_is_the_tables_and_others_are_wrong(settled: Settled) -> None:
    question = next(
        q for q in settled(TEMPLATE, "penguins", 40) if q.parameters == {"column": "species"}
    )
    assert question.answers[0].value == "Adelie"
    assert judge(question.answer_spec, "Adelie", " adelie. ").correct
    assert not judge(question.answer_spec, "Adelie", "Gentoo").correct
